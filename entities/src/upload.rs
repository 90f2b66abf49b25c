//! A file that somebody sent and that is not evidence yet.

use sea_orm::entity::prelude::*;

use crate::{PersonId, ProjectId, UploadId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UploadId,
    /// None: the operator.
    pub person_id: Option<PersonId>,
    /// The project that it is for; none: whoever sent it adds evidence in several, and named none.
    pub project_id: Option<ProjectId>,
    /// Names the stored bytes.
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    /// By its content.
    #[sea_orm(column_type = "Text")]
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
