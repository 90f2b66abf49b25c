//! One room per kind of record: its fields, what each is held to, what holds between them, and the
//! row that it becomes. The project file both ways, its JSON Schema, the checks of files and
//! mutations, edits and new rows follow from these rooms and are written nowhere else
//! ([decision 10](../../../docs/decisions/0010-one-room-per-record.md)).
//!
//! The macro `record!` (`declare.rs`) makes a room's type; [`Rule`] is the list of what a field can be
//! held to.

mod check;
mod declare;
mod description;
mod entry;
mod field;
mod kind;
mod names;
mod node_id;
mod problem;
mod rule;
mod text;
mod texts;
mod version;

mod budget_line;
mod call;
mod community;
mod forum;
mod introduction;
mod note;
mod organisation;
pub mod output;
mod pairing;
mod partner;
mod person;
mod practice;
mod project;
mod proposal;
mod publication;
mod reading;
mod reminder_rule;
pub mod rows;
mod source;
mod target;

pub use budget_line::BudgetLine;
pub use call::Call;
pub use check::{Check, Surroundings};
pub use community::{Community, Member};
pub(crate) use declare::store_list;
pub use declare::{IdOf, Name, Part, Place, Record, Stand, entry_version, list_version};
pub use description::{Description, FieldDescription, ValueType, descriptions};
pub use entry::{Entry, is_entry_table};
pub use field::{Stored, Value};
pub use forum::{Forum, ForumMeeting, ForumMember, ForumTopic};
pub(crate) use introduction::{introduce_organisation, introduce_person};
pub(crate) use kind::keyed_lists;
pub use kind::{Kind, NotAKind};
pub use names::Names;
pub use node_id::NodeId;
pub use note::Note;
pub use organisation::Organisation;
pub use output::{
    ALL_PARTNERS, AgendaItem, Detail, Endorsement, Evidence, Learning, Measure, Output,
    Participant, Stakeholder, Step, Training, VisitDays,
};
pub use output::{
    ActionPlan, Champion, ChampionWorkshop, Event, Guide, Policy, StaffExchange, Video, Visit,
};
pub use pairing::Pairing;
pub use partner::Partner;
pub use person::{Person, Role};
pub use practice::Practice;
pub use problem::{Code, Problem, Problems};
pub use project::{Programme, Project};
pub use proposal::{OutputName, Proposal};
pub use publication::Publication;
pub use reading::{each_record, read_texts};
pub use reminder_rule::{DAYS_BEFORE, MOST_QUESTIONS, ReminderRule, anchors_of};
pub use rule::{AMOUNT, Field, Format, LIST_ENTRIES, Limits, List, Rule};
pub use source::Source;
pub use target::Target;
pub use text::{
    by_language, canonical, is_country, is_key, is_language, is_sha256, is_url, mail_address,
};
pub use texts::{FieldPath, HasTexts, Text, TextReader};
pub(crate) use version::version_of;

/// The fields of a kind of record; of an output those that outputs of all kinds have, see
/// [`Detail::fields`] for the others.
#[must_use]
pub const fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Project => Project::FIELDS,
        Kind::Source => Source::FIELDS,
        Kind::Organisation => Organisation::FIELDS,
        Kind::Partner => Partner::FIELDS,
        Kind::Person => Person::FIELDS,
        Kind::Community => Community::FIELDS,
        Kind::Target => Target::FIELDS,
        Kind::Practice => Practice::FIELDS,
        Kind::Pairing => Pairing::FIELDS,
        Kind::Forum => Forum::FIELDS,
        Kind::BudgetLine => BudgetLine::FIELDS,
        Kind::Call => Call::FIELDS,
        Kind::Publication => Publication::FIELDS,
        Kind::Note => Note::FIELDS,
        Kind::ReminderRule => ReminderRule::FIELDS,
        Kind::Proposal => Proposal::FIELDS,
        Kind::Output(_) => Output::FIELDS,
    }
}
