//! One step in an output's history; only ever added to.

use sea_orm::entity::prelude::*;

use crate::{OutputEventId, OutputId, PartialDate, PersonId, ProjectId, Verb};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "output_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutputEventId,
    pub project_id: ProjectId,
    pub output_id: OutputId,
    pub position: i32,
    pub verb: Verb,
    /// Null: the end of its known month or window, else of the project.
    pub effective_on: Option<Date>,
    pub recorded_at: DateTimeUtc,
    pub person_id: Option<PersonId>,
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    pub old_starts: Option<PartialDate>,
    pub old_ends: Option<PartialDate>,
    pub new_starts: Option<PartialDate>,
    pub new_ends: Option<PartialDate>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
