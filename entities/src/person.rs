//! A human, or a mailbox that a role shares. Names and addresses live here alone.

use sea_orm::entity::prelude::*;

use crate::{DigestFrequency, PersonId, PersonKind};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub kind: PersonKind,
    #[sea_orm(column_type = "Text")]
    pub name: Option<String>,
    /// Without one, mail is skipped as NO_ADDRESS.
    #[sea_orm(column_type = "Text")]
    pub address: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    pub digest: DigestFrequency,
    /// Local hour of the digest.
    pub digest_hour: i32,
    /// No mail before this day.
    pub paused_until: Option<Date>,
    /// The address was refused for good.
    pub suppressed_at: Option<DateTimeUtc>,
    /// Whether they may begin projects of their own.
    pub may_create_projects: bool,
    /// When everything that tells who they are was removed, on their wish.
    pub erased_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
