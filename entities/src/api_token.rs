//! What a dashboard or a script signs in with, on a person's behalf, in one project.

use sea_orm::entity::prelude::*;

use crate::{ApiTokenId, PersonId, ProjectId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiTokenId,
    /// Whose rights it has, and never more.
    pub person_id: PersonId,
    /// Where it is of use.
    pub project_id: ProjectId,
    /// What it is for.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// SHA-256 of the token, which is shown once.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// Else it only reads.
    pub may_write: bool,
    /// Else it sees no names, no addresses, and nothing else that is personal.
    pub sees_people: bool,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    /// To the minute.
    pub last_used_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
