//! An act that was asked for under a key, so that asking again does nothing more.

use sea_orm::entity::prelude::*;

use crate::RepeatedActId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "repeated_act")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RepeatedActId,
    /// Who asked; all zeros: the operator.
    pub person_id: Uuid,
    /// The Idempotency-Key.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// Which of the request's mutations.
    #[sea_orm(column_type = "Text")]
    pub field: String,
    /// SHA-256 of document and variables.
    #[sea_orm(column_type = "Text")]
    pub fingerprint: String,
    /// What came of it.
    pub outcome: Json,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
