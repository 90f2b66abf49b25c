//! A browser in which somebody is signed in.

use sea_orm::entity::prelude::*;

use crate::{PersonId, SessionId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub person_id: PersonId,
    /// SHA-256 of the cookie.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// Of the cookie before, which holds until the new one is used, and a moment longer.
    #[sea_orm(column_type = "Text")]
    pub previous_hash: Option<String>,
    pub rotated_at: DateTimeUtc,
    /// When the cookie was first used since it replaced the one before; none: not yet.
    pub renewal_used_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub last_used_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
