//! An association or individual in a forum.

use sea_orm::entity::prelude::*;

use crate::{
    ForumId, ForumMemberId, ForumMemberKind, MembershipState, PartialDate, ProjectId, Translations,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forum_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ForumMemberId,
    pub project_id: ProjectId,
    pub forum_id: ForumId,
    pub position: i32,
    pub kind: ForumMemberKind,
    #[sea_orm(column_type = "Text")]
    pub name: Option<String>,
    pub state: MembershipState,
    pub applied: Option<PartialDate>,
    pub decided: Option<PartialDate>,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
