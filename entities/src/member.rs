//! A partner's place in a community.

use sea_orm::entity::prelude::*;

use crate::{Basis, CommunityId, MemberId, MemberRole, PartnerId, ProjectId, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberId,
    pub project_id: ProjectId,
    pub community_id: CommunityId,
    pub partner_id: PartnerId,
    pub position: i32,
    pub role: Option<MemberRole>,
    #[sea_orm(column_type = "Text")]
    pub role_hint: Option<String>,
    pub basis: Basis,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
