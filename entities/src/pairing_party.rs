//! One partner on one side of a pairing.

use sea_orm::entity::prelude::*;

use crate::{PairingId, PairingPartyId, PartnerId, ProjectId, Side};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pairing_party")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PairingPartyId,
    pub project_id: ProjectId,
    pub pairing_id: PairingId,
    pub partner_id: PartnerId,
    pub side: Side,
    pub position: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
