//! One person's refusal of one category of mail.

use sea_orm::entity::prelude::*;

use crate::{Category, PersonId, UnsubscriptionId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unsubscription")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UnsubscriptionId,
    pub person_id: PersonId,
    pub category: Category,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
