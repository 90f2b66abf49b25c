//! The project file: one JSON document that holds a whole project, without ledger and sign-ins.
//!
//! Records refer to each other by key. What is left out is unknown. `docs/project.schema.json` is
//! the file's JSON Schema, made from these types.

mod check;
mod export;
mod import;
mod output;

use chrono::NaiveDate;
use entities::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use check::{
    MOST_AMOUNT, anchor_of, faults as faults_of_rule, is_address, is_country, is_key, is_tag, uses,
};
pub use check::{Problem, check, read};
pub use export::export;
pub(crate) use export::reminder_rule as file_of_rule;
pub use import::rows_of;
pub use output::{
    FileAgendaItem, FileEndorsement, FileEvidence, FileHistory, FileKind, FileLearning,
    FileMeasure, FileOutput, FileParticipation, FileStakeholder, FileTraining,
};

/// The format that this version writes and reads.
pub const FORMAT: &str = "connection-project/1";

/// A whole project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectFile {
    /// Always `connection-project/1`.
    pub format: String,
    pub project: FileProject,
    #[serde(default)]
    pub sources: Vec<FileSource>,
    pub organisations: Vec<FileOrganisation>,
    pub partners: Vec<FilePartner>,
    #[serde(default)]
    pub people: Vec<FilePerson>,
    #[serde(default)]
    pub communities: Vec<FileCommunity>,
    #[serde(default)]
    pub targets: Vec<FileTarget>,
    #[serde(default)]
    pub practices: Vec<FilePractice>,
    #[serde(default)]
    pub pairings: Vec<FilePairing>,
    #[serde(default)]
    pub outputs: Vec<FileOutput>,
    #[serde(default)]
    pub forums: Vec<FileForum>,
    #[serde(default)]
    pub budget_lines: Vec<FileBudgetLine>,
    #[serde(default)]
    pub calls: Vec<FileCall>,
    #[serde(default)]
    pub publications: Vec<FilePublication>,
    #[serde(default)]
    pub notes: Vec<FileNote>,
    #[serde(default)]
    pub reminder_rules: Vec<FileReminderRule>,
}

/// The project itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileProject {
    /// Names the project everywhere; a newer file of the same key updates it.
    pub key: String,
    pub acronym: String,
    pub name: Localized,
    #[serde(default)]
    pub summary: Localized,
    pub programme: FileProgramme,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// IANA name of the zone in which the project's days begin.
    pub time_zone: String,
    /// The language that texts fall back to.
    pub default_locale: String,
    pub grant_agreement: Option<String>,
    pub call_reference: Option<String>,
    #[serde(default)]
    pub websites: Links,
    #[serde(default)]
    pub related: RelatedProjects,
    /// Whether non-personal data may be read without signing in.
    #[serde(default)]
    pub public: bool,
    /// Citations, each the key of a source, or `key:place` in it.
    #[serde(default)]
    pub sources: Strings,
}

/// The fund that pays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileProgramme {
    pub key: String,
    pub name: Localized,
}

/// A document that the records refer to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileSource {
    pub key: String,
    pub title: String,
    pub publisher: Option<String>,
    pub address: Option<String>,
}

/// An organisation, shared by all projects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileOrganisation {
    pub key: String,
    pub kind: OrganisationKind,
    pub name: String,
    pub native_name: Option<String>,
    /// ISO 3166-1 alpha-2 (GR for Greece).
    pub country: Option<String>,
    /// IANA name.
    pub time_zone: String,
    /// BCP 47 tag of the language in which it works.
    pub locale: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub geonames_id: Option<i64>,
    pub wikidata_id: Option<String>,
}

/// An organisation's place in the project; named by the organisation's key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilePartner {
    pub organisation: String,
    pub kind: PartnerKind,
    /// The partner through which it acts.
    pub via: Option<String>,
    /// Who acts for it, where that body has another name.
    pub acting_body: Option<String>,
    pub joined_on: Option<NaiveDate>,
    pub left_on: Option<NaiveDate>,
    pub note: Option<String>,
    /// Field to reason, for what was worked out and not read.
    #[serde(default)]
    pub basis: Basis,
    #[serde(default)]
    pub sources: Strings,
}

/// A human or a shared mailbox, with its roles in this project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilePerson {
    pub key: String,
    pub kind: PersonKind,
    pub name: Option<String>,
    pub address: Option<String>,
    pub locale: String,
    pub time_zone: String,
    pub digest: DigestFrequency,
    /// Local hour of the digest, 0 to 23.
    pub digest_hour: i32,
    pub paused_until: Option<NaiveDate>,
    #[serde(default)]
    pub roles: Vec<FileRole>,
}

/// One role of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileRole {
    pub kind: RoleKind,
    /// The partner that the person acts for, by its organisation's key.
    pub partner: Option<String>,
}

/// A community of practice with its members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileCommunity {
    pub key: String,
    pub number: i32,
    pub letter: Option<String>,
    pub title: Localized,
    /// The partner that runs it.
    pub expert: Option<String>,
    pub planned_visits: i32,
    pub note: Option<String>,
    #[serde(default)]
    pub members: Vec<FileMember>,
    #[serde(default)]
    pub sources: Strings,
}

/// A partner's place in a community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileMember {
    pub partner: String,
    /// Only where a source says it.
    pub role: Option<MemberRole>,
    /// A weaker sign of a role.
    pub role_hint: Option<String>,
    #[serde(default)]
    pub basis: Basis,
}

/// A figure promised to the funder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileTarget {
    pub key: String,
    pub label: Localized,
    pub unit: Unit,
    /// In the unit; money in minor units (cents).
    pub value: i64,
    /// ISO 4217, for money.
    pub currency: Option<String>,
    #[serde(default)]
    pub headline: bool,
    /// Left out: the end of the project.
    pub due_on: Option<NaiveDate>,
    pub rule: Rule,
    pub rule_version: i32,
    /// The final count that a source gives; ours is counted, never copied.
    pub stated: Option<i64>,
    #[serde(default)]
    pub stated_sources: Strings,
    pub note: Option<String>,
    #[serde(default)]
    pub basis: Basis,
    #[serde(default)]
    pub sources: Strings,
}

/// A good practice of a city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilePractice {
    pub key: String,
    pub name: String,
    pub kind: String,
    /// The city, by its organisation's key.
    pub partner: Option<String>,
    pub since: Option<PartialDate>,
    pub description: Option<String>,
    #[serde(default)]
    pub facts: Strings,
    pub note: Option<String>,
    #[serde(default)]
    pub sources: Strings,
}

/// A mentor (or group) and an implementing partner (or group) who exchange staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilePairing {
    pub key: String,
    pub community: Option<String>,
    pub days_per_leg: i32,
    #[serde(default)]
    pub mentor: Vec<String>,
    #[serde(default)]
    pub implementing: Vec<String>,
    pub result: Option<String>,
    pub note: Option<String>,
    #[serde(default)]
    pub basis: Basis,
    #[serde(default)]
    pub sources: Strings,
}

/// A forum with its members, topics and meetings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileForum {
    pub key: String,
    pub name: Localized,
    pub practice: Option<String>,
    pub partner: Option<String>,
    pub district: Option<String>,
    pub founded: Option<PartialDate>,
    pub meets: Option<String>,
    pub access: Option<String>,
    pub funding: Option<String>,
    pub beneficiaries: Option<String>,
    #[serde(default)]
    pub goals: Strings,
    #[serde(default)]
    pub results: Strings,
    /// Counts that a source gives.
    #[serde(default)]
    pub stated: StatedFigures,
    #[serde(default)]
    pub members: Vec<FileForumMember>,
    #[serde(default)]
    pub topics: Vec<FileForumTopic>,
    #[serde(default)]
    pub meetings: Vec<FileForumMeeting>,
    #[serde(default)]
    pub sources: Strings,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileForumMember {
    pub kind: ForumMemberKind,
    pub name: Option<String>,
    pub state: MembershipState,
    pub applied: Option<PartialDate>,
    pub decided: Option<PartialDate>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileForumTopic {
    pub title: String,
    pub proposed_by: TopicProposer,
    pub proposed: Option<PartialDate>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileForumMeeting {
    pub held: Option<PartialDate>,
    pub place: Option<String>,
    pub note: Option<String>,
}

/// Money, as far as it is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileBudgetLine {
    pub key: String,
    pub kind: BudgetKind,
    pub label: String,
    pub partner: Option<String>,
    /// In minor units (cents); left out where it is unknown.
    pub amount_minor: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    pub note: Option<String>,
    #[serde(default)]
    pub sources: Strings,
}

/// A call for participants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileCall {
    pub key: String,
    pub title: String,
    pub issued: Option<PartialDate>,
    pub deadline: Option<NaiveDate>,
    pub for_whom: Option<String>,
    pub places: Option<i32>,
    pub form_url: Option<String>,
    #[serde(default)]
    pub required: Strings,
    #[serde(default)]
    pub sources: Strings,
}

/// Something published about the project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilePublication {
    pub key: String,
    pub title: String,
    pub published: Option<PartialDate>,
    pub url: Option<String>,
    pub community: Option<String>,
    #[serde(default)]
    pub sources: Strings,
}

/// A discrepancy between sources, something unknown, or a remark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileNote {
    pub key: String,
    pub kind: NoteKind,
    pub topic: String,
    pub body: Option<String>,
    #[serde(default)]
    pub readings: Readings,
    /// The records it is about, such as `partner:rotterdam` or `output:cop1_w3`.
    #[serde(default)]
    pub about: Strings,
}

/// What is mailed, when and to whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileReminderRule {
    pub key: String,
    pub category: Category,
    pub anchor: Anchor,
    /// Days before the anchor; none for weekly and monthly mail.
    #[serde(default)]
    pub offsets: Days,
    /// Local time of the recipient, HH:MM. A digest goes by the recipient's own hour.
    pub at_time: String,
    /// 1 (Monday) to 7, for weekly mail.
    pub weekday: Option<i32>,
    /// 1 to 28, for monthly mail.
    pub month_day: Option<i32>,
    pub audience: Audiences,
    /// For how many hours after its time it may still go out.
    pub useful_hours: i32,
    pub enabled: bool,
}

impl ProjectFile {
    /// The file as it is written: two spaces, no nulls, no empty lists.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut value = serde_json::to_value(self).expect("a project file is plain JSON");
        strip(&mut value);
        let mut text = serde_json::to_string_pretty(&value).expect("a value is plain JSON");
        text.push('\n');
        text
    }

    /// The JSON Schema of the file.
    #[must_use]
    pub fn schema() -> Value {
        let mut schema = schemars::schema_for!(Self).to_value();
        schema["title"] = "Connection project file".into();
        schema["properties"]["format"]["const"] = FORMAT.into();
        schema
    }
}

/// Drops what says nothing: nulls, and empty lists and objects that a field may leave out.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for field in fields.values_mut() {
                strip(field);
            }
            fields.retain(|name, field| match field {
                Value::Null => false,
                Value::Array(items) => !items.is_empty() || REQUIRED_LISTS.contains(&name.as_str()),
                Value::Object(inner) => {
                    !inner.is_empty() || !LEFT_OUT_MAPS.contains(&name.as_str())
                }
                _ => true,
            });
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Lists that stand even when they are empty, since the format asks for them.
const REQUIRED_LISTS: [&str; 5] = ["organisations", "partners", "audience", "kinds", "kind"];
/// Maps that go when they are empty; other empty objects say which variant is meant.
const LEFT_OUT_MAPS: [&str; 3] = ["basis", "summary", "title"];
