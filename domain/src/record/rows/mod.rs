//! Every row of one project, table by table: what is loaded, written and compared as a whole.
//!
//! The list of tables stands here once; loading, saving and comparing follow from it.

mod difference;
mod save;
mod shared;
mod size;

use std::{
    collections::{HashMap, HashSet},
    fmt::Debug,
    pin::Pin,
    slice::from_ref,
};

use entities::*;
use rustc_hash::FxHashMap;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ModelTrait, QueryFilter};
use uuid::Uuid;

use difference::{compare, record};
use save::remove;
use size::heap;

pub use difference::{Change, ChangeKind};
pub(crate) use difference::{Recorded, values};
pub(crate) use save::save;
pub use shared::SharedRows;

/// A row of a project's table.
pub trait Row: Clone + Debug + PartialEq + ModelTrait {
    const TABLE: &'static str;
    fn uuid(&self) -> Uuid;
    /// The row that it belongs to.
    fn parent(&self) -> Uuid;
    /// What it is called there, unique in its table.
    fn name(&self) -> String;
    /// Its place there.
    fn position(&self) -> i32;
}

macro_rules! rows {
    (shared { $($shared:ident: $smodule:ident, $skey:ident;)+ }
     own { $($field:ident: $module:ident, $id:ident in $parent:ident, $name:expr, $position:expr;)+ }) => {
        /// Every row that a project needs to be read, each table in its order.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Rows {
            pub project: project::Model,
            pub programme: programme::Model,
            $(pub $shared: Vec<$smodule::Model>,)+
            $(pub $field: Vec<$module::Model>,)+
        }

        $(impl Row for $smodule::Model {
            const TABLE: &'static str = stringify!($smodule);
            fn uuid(&self) -> Uuid {
                self.id.into()
            }
            fn parent(&self) -> Uuid {
                Uuid::nil()
            }
            fn name(&self) -> String {
                self.$skey.clone()
            }
            fn position(&self) -> i32 {
                0
            }
        })+

        $(impl Row for $module::Model {
            const TABLE: &'static str = stringify!($module);
            fn uuid(&self) -> Uuid {
                self.$id.into()
            }
            fn parent(&self) -> Uuid {
                self.$parent.into()
            }
            fn name(&self) -> String {
                let name: fn(&Self) -> String = $name;
                name(self)
            }
            fn position(&self) -> i32 {
                let position: fn(&Self) -> i32 = $position;
                position(self)
            }
        })+

        impl Rows {
            /// A project with nothing in it yet.
            #[must_use]
            pub fn empty(project: project::Model, programme: programme::Model) -> Self {
                Self { project, programme, $($shared: Vec::new(),)+ $($field: Vec::new(),)+ }
            }

            /// Puts every table in its order: by parent, then by position.
            pub(crate) fn sort(&mut self) {
                $(self.$shared.sort_by_key(Row::name);)+
                $(self.$field.sort_by_key(|row| (row.parent(), row.position()));)+
            }

            /// Takes in the own tables of another project, to write both at once.
            pub(crate) fn append(&mut self, other: Self) {
                $(self.$field.extend(other.$field);)+
            }

            /// Removes a row with the rows that belong to it alone.
            pub(crate) fn remove(&mut self, id: Uuid) {
                $(self.$field.retain(|row| row.uuid() != id && row.parent() != id);)+
            }

            /// Gives back the room that loading left beside the rows.
            pub(crate) fn shrink(&mut self) {
                $(self.$shared.shrink_to_fit();)+
                $(self.$field.shrink_to_fit();)+
            }

            /// About how many bytes all tables take, beside the heads of their vectors.
            pub(crate) fn heap(&self) -> usize {
                [$(heap(&self.$shared),)+ $(heap(&self.$field),)+].iter().sum()
            }

            /// Where each row stands in its table, by its id; a detail row shares its output's id
            /// and is found by its parent.
            pub(crate) fn places(&self) -> FxHashMap<Uuid, usize> {
                let mut places = FxHashMap::default();
                $(places.extend(self.$shared.iter().enumerate().map(|(at, row)| (row.uuid(), at)));)+
                $(if stringify!($id) == "id" {
                    places.extend(self.$field.iter().enumerate().map(|(at, row)| (row.uuid(), at)));
                })+
                places
            }

            /// The ids of all rows by what they are called.
            #[must_use]
            pub fn names(&self) -> HashMap<(&'static str, Uuid, String), Uuid> {
                let mut names = HashMap::new();
                $(name_all(&self.$shared, &mut names);)+
                $(name_all(&self.$field, &mut names);)+
                names
            }

            /// Takes over the records of an older state that are missing here, with all that belongs
            /// to them; gives their labels.
            pub(crate) fn keep_missing(&mut self, old: &Self) -> Vec<String> {
                let mut parents = HashSet::from([self.project.id.into()]);
                $(keep(&old.$shared, &mut self.$shared, &Uuid::nil(), &mut parents);)+
                let labels = old.labels();
                let mut kept = Vec::new();
                $(for id in keep(&old.$field, &mut self.$field, &self.project.id.0, &mut parents) {
                    kept.push(format!("{} {}", $module::Model::TABLE, labels[&id]));
                })+
                kept
            }

            /// What each row is called among people: the keys on the way to it.
            #[must_use]
            pub fn labels(&self) -> HashMap<Uuid, String> {
                let mut labels = HashMap::new();
                $(label(&self.$shared, &mut labels);)+
                $(if stringify!($id) == "id" {
                    label(&self.$field, &mut labels);
                })+
                labels.insert(self.project.id.into(), self.project.key.clone());
                labels.insert(self.programme.id.into(), self.programme.key.clone());
                labels
            }

            /// What differs from an older state, in the order of the tables.
            #[must_use]
            pub fn changes_since(&self, old: &Self) -> Vec<Change> {
                let mut changes = Vec::new();
                compare(from_ref(&old.programme), from_ref(&self.programme), &mut changes);
                compare(from_ref(&old.project), from_ref(&self.project), &mut changes);
                $(compare(&old.$shared, &self.$shared, &mut changes);)+
                $(compare(&old.$field, &self.$field, &mut changes);)+
                changes.retain(|change| {
                    !(change.table == "project"
                        && change.kind == ChangeKind::Changed(vec!["revision"]))
                });
                changes
            }

            /// What differs from an older state, with the values of what differs.
            #[must_use]
            pub(crate) fn recorded_since(&self, old: &Self) -> Vec<Recorded> {
                let mut all = Vec::new();
                record(from_ref(&old.programme), from_ref(&self.programme), &mut all);
                record(from_ref(&old.project), from_ref(&self.project), &mut all);
                $(record(&old.$shared, &self.$shared, &mut all);)+
                $(record(&old.$field, &self.$field, &mut all);)+
                all
            }

            /// The row of this id and the rows that belong to it alone, but for those of some tables, as
            /// a text that is the same for as long as they are.
            pub(crate) fn spelled(&self, id: Uuid, is_left_out: fn(&str) -> bool) -> String {
                let mut text = String::new();
                if self.project.id.0 == id {
                    let project = project::Model {
                        revision: 0,
                        next_plan_at: None,
                        ..self.project.clone()
                    };
                    return format!("{project:?}");
                }
                $(spell(&self.$shared, id, &mut text);)+
                $(if !is_left_out($module::Model::TABLE) {
                    spell(&self.$field, id, &mut text);
                })+
                text
            }

            /// Writes the difference to an older state of the own tables; the shared ones and the
            /// project itself are written by whoever changes them.
            pub(crate) async fn save_own(
                &self,
                db: &impl ConnectionTrait,
                old: &Self,
            ) -> Result<(), DbErr> {
                remove_all_tables!(db, self, old, [$($field)+]);
                $(on_heap(|| save(db, &old.$field, &self.$field)).await?;)+
                Ok(())
            }

            /// Loads the own tables. One consistent read needs a transaction around it.
            pub(crate) async fn load_own(
                &mut self,
                db: &impl ConnectionTrait,
            ) -> Result<(), DbErr> {
                let project_id = self.project.id;
                $({
                    self.$field = $module::Entity::find()
                        .filter($module::Column::ProjectId.eq(project_id))
                        .all(db)
                        .await?;
                })+
                Ok(())
            }
        }
    };
}

/// A future on the heap: written one after the other, all tables would have their room on the stack at
/// once.
fn on_heap<F: Future>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(make())
}

/// Removes in the opposite order of the list, so that nothing refers to a row that is gone.
macro_rules! remove_all_tables {
    ($db:ident, $new:ident, $old:ident, [$head:ident $($tail:ident)*]) => {
        remove_all_tables!($db, $new, $old, [$($tail)*]);
        on_heap(|| remove($db, &$old.$head, &$new.$head)).await?;
    };
    ($db:ident, $new:ident, $old:ident, []) => {};
}

impl Row for project::Model {
    const TABLE: &'static str = "project";
    fn uuid(&self) -> Uuid {
        self.id.into()
    }
    fn parent(&self) -> Uuid {
        Uuid::nil()
    }
    fn name(&self) -> String {
        self.key.clone()
    }
    fn position(&self) -> i32 {
        0
    }
}

impl Row for programme::Model {
    const TABLE: &'static str = "programme";
    fn uuid(&self) -> Uuid {
        self.id.into()
    }
    fn parent(&self) -> Uuid {
        Uuid::nil()
    }
    fn name(&self) -> String {
        self.key.clone()
    }
    fn position(&self) -> i32 {
        0
    }
}

rows! {
    shared {
        organisations: organisation, key;
        people: person, key;
    }
    own {
        sources: source, id in project_id, |row| row.key.clone(), |row| row.position;
        notes: note, id in project_id, |row| row.key.clone(), |row| row.position;
        partners: partner, id in project_id, |row| row.organisation_id.to_string(), |row| row.position;
        roles: role, id in person_id, |row| format!(
            "{}/{:?}/{:?}", row.project_id, row.kind, row.partner_id
        ), |row| row.position;
        communities: community, id in project_id, |row| row.key.clone(), |row| row.position;
        members: member, id in community_id, |row| row.partner_id.to_string(), |row| row.position;
        targets: target, id in project_id, |row| row.key.clone(), |row| row.position;
        budget_lines: budget_line, id in project_id, |row| row.key.clone(), |row| row.position;
        open_calls: open_call, id in project_id, |row| row.key.clone(), |row| row.position;
        publications: publication, id in project_id, |row| row.key.clone(), |row| row.position;
        reminder_rules: reminder_rule, id in project_id, |row| row.key.clone(), |row| row.position;
        pairings: pairing, id in project_id, |row| row.key.clone(), |row| row.position;
        pairing_parties: pairing_party, id in pairing_id, |row| row.partner_id.to_string(), |row| row.position;
        outputs: output, id in project_id, |row| format!("{:?}/{}", row.kind, row.key), |row| row.position;
        output_events: output_event, id in output_id, |row| row.position.to_string(), |row| row.position;
        reporters: reporter, id in output_event_id, |row| row.party(), |row| row.position;
        participations: participation, id in output_id, |row| row.position.to_string(), |row| row.position;
        agenda_items: agenda_item, id in output_id, |row| row.position.to_string(), |row| row.position;
        learnings: learning, id in output_id, |row| row.position.to_string(), |row| row.position;
        evidence: evidence, id in output_id, |row| row.position.to_string(), |row| row.position;
        practices: practice, id in project_id, |row| row.key.clone(), |row| row.position;
        staff_exchanges: staff_exchange, output_id in output_id, |_| String::new(), |_| 0;
        visits: visit, output_id in output_id, |_| String::new(), |_| 0;
        visit_practices: visit_practice, id in output_id, |row| row.practice_id.to_string(), |row| row.position;
        events: event, output_id in output_id, |_| String::new(), |_| 0;
        action_plans: action_plan, output_id in output_id, |_| String::new(), |_| 0;
        measures: measure, id in output_id, |row| row.position.to_string(), |row| row.position;
        stakeholders: stakeholder, id in output_id, |row| row.position.to_string(), |row| row.position;
        endorsements: endorsement, id in output_id, |row| row.position.to_string(), |row| row.position;
        policies: policy, output_id in output_id, |_| String::new(), |_| 0;
        champions: champion, output_id in output_id, |_| String::new(), |_| 0;
        trainings: training, id in output_id, |row| row.position.to_string(), |row| row.position;
        champion_workshops: champion_workshop, output_id in output_id, |_| String::new(), |_| 0;
        guides: guide, output_id in output_id, |_| String::new(), |_| 0;
        videos: video, output_id in output_id, |_| String::new(), |_| 0;
        forums: forum, id in project_id, |row| row.key.clone(), |row| row.position;
        forum_members: forum_member, id in forum_id, |row| row.position.to_string(), |row| row.position;
        forum_topics: forum_topic, id in forum_id, |row| row.position.to_string(), |row| row.position;
        forum_meetings: forum_meeting, id in forum_id, |row| row.position.to_string(), |row| row.position;
        proposals: proposal, id in project_id, |row| row.key.clone(), |row| row.position;
        introductions: introduction, id in project_id, |row| row.of().to_string(), |_| 0;
    }
}

/// The rows of one parent, in their order: the rows of a project are sorted.
pub(crate) fn children<R: Row>(rows: &[R], parent: impl Into<Uuid>) -> &[R] {
    let parent = parent.into();
    let rows = &rows[rows.partition_point(|row| row.parent() < parent)..];
    // A parent has few rows: going on is faster than another search.
    let count = rows.iter().take_while(|row| row.parent() == parent).count();
    &rows[..count]
}

fn spell<R: Row>(rows: &[R], id: Uuid, text: &mut String) {
    for row in rows
        .iter()
        .filter(|row| row.uuid() == id || row.parent() == id)
    {
        text.push_str(&format!("{row:?}"));
    }
}

fn name_all<R: Row>(rows: &[R], names: &mut HashMap<(&'static str, Uuid, String), Uuid>) {
    for row in rows {
        names.insert((R::TABLE, row.parent(), row.name()), row.uuid());
    }
}

/// Adds the old rows that are missing and whose parent stays; gives the ids of those that stand
/// for themselves.
fn keep<R: Row>(old: &[R], new: &mut Vec<R>, top: &Uuid, parents: &mut HashSet<Uuid>) -> Vec<Uuid> {
    let there: HashSet<Uuid> = new.iter().map(Row::uuid).collect();
    let mut kept = Vec::new();
    for row in old.iter().filter(|row| !there.contains(&row.uuid())) {
        let is_top = row.parent() == *top;
        if is_top || parents.contains(&row.parent()) {
            parents.insert(row.uuid());
            new.push(row.clone());
            if is_top {
                kept.push(row.uuid());
            }
        }
    }
    kept
}

/// A name that is another row's id is shown as that row's label.
fn label<R: Row>(rows: &[R], labels: &mut HashMap<Uuid, String>) {
    for row in rows {
        let name = row.name();
        let name = name
            .parse()
            .ok()
            .and_then(|id: Uuid| labels.get(&id).cloned())
            .unwrap_or(name);
        let label = match labels.get(&row.parent()) {
            Some(parent) => format!("{parent}/{name}"),
            None => name,
        };
        labels.insert(row.uuid(), label);
    }
}

fn by_id<R: Row>(rows: &[R]) -> HashMap<Uuid, &R> {
    rows.iter().map(|row| (row.uuid(), row)).collect()
}
