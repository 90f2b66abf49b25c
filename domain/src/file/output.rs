//! Outputs in the project file: what they share, and what each kind says.

use chrono::{DateTime, NaiveDate, Utc};
use entities::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whatever counts towards a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileOutput {
    /// Unique among the outputs of its kind.
    pub key: String,
    /// Its kind, with what that kind alone says.
    pub kind: FileKind,
    pub community: Option<String>,
    /// The partner in whose figures it counts.
    pub lead: Option<String>,
    #[serde(default)]
    pub title: Localized,
    /// The partner that hosts it.
    pub host: Option<String>,
    pub mode: Option<Mode>,
    pub place: Option<String>,
    pub platform: Option<String>,
    /// The planned window.
    pub planned_from: Option<PartialDate>,
    pub planned_to: Option<PartialDate>,
    /// Scheduled or actual, as exact as it is known.
    pub starts: Option<PartialDate>,
    pub ends: Option<PartialDate>,
    /// Stated length in days, where the days themselves are not known.
    pub days: Option<i32>,
    pub due_on: Option<NaiveDate>,
    pub note: Option<String>,
    /// What happened to it, in order; it starts as planned.
    #[serde(default)]
    pub history: Vec<FileHistory>,
    #[serde(default)]
    pub evidence: Vec<FileEvidence>,
    #[serde(default)]
    pub participants: Vec<FileParticipation>,
    #[serde(default)]
    pub agenda: Vec<FileAgendaItem>,
    #[serde(default)]
    pub learning: Vec<FileLearning>,
    #[serde(default)]
    pub basis: Basis,
    #[serde(default)]
    pub sources: Strings,
}

/// What one kind of output alone says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum FileKind {
    /// One leg of a pairing.
    StaffExchange {
        pairing: String,
        /// 1 in the mentor's city, 2 in the implementing city; left out where it is unknown.
        leg: Option<i32>,
        /// What was learned.
        learned: Option<String>,
        /// What was adapted to the implementing city.
        adapted: Option<String>,
    },
    /// A thematic cluster visit.
    Visit {
        /// Its number in its community.
        number: i32,
        organiser: Option<String>,
        /// Keys of the practices that were seen.
        #[serde(default)]
        practices: Vec<String>,
    },
    /// A conference or meeting.
    Event {
        kind: EventKind,
        about_participants: Option<i32>,
        website: Option<String>,
    },
    /// A roadmap.
    ActionPlan {
        kind: PlanKind,
        original_title: Option<String>,
        /// The period that the draft covered.
        draft_period: Option<String>,
        /// The period that the adopted plan covers.
        period: Option<String>,
        /// When a draft was presented.
        presented: Option<PartialDate>,
        document_url: Option<String>,
        #[serde(default)]
        measures: Vec<FileMeasure>,
        #[serde(default)]
        stakeholders: Vec<FileStakeholder>,
        #[serde(default)]
        endorsements: Vec<FileEndorsement>,
    },
    /// A policy in practice.
    Policy {
        kind: PolicyKind,
        /// Key of the action plan that it comes from.
        plan: Option<String>,
        opened: Option<PartialDate>,
        /// The grant in minor units (cents); left out where it is unknown.
        grant_minor: Option<i64>,
        currency: String,
        beneficiaries: Option<String>,
        #[serde(default)]
        facts: Strings,
    },
    /// A trained integration champion; its partner is the output's lead.
    Champion {
        /// Key of a person.
        person: Option<String>,
        role_title: Option<String>,
        selected: Option<PartialDate>,
        trained: Option<PartialDate>,
        #[serde(default)]
        trainings: Vec<FileTraining>,
    },
    /// A workshop held by the champions.
    ChampionWorkshop { about_participants: Option<i32> },
    /// A how-to guide.
    Guide {
        language: Option<String>,
        landing_url: Option<String>,
        file_url: Option<String>,
    },
    /// A video.
    Video {
        language: Option<String>,
        url: Option<String>,
    },
}

impl FileKind {
    #[must_use]
    pub fn output_kind(&self) -> OutputKind {
        match self {
            Self::StaffExchange { .. } => OutputKind::StaffExchange,
            Self::Visit { .. } => OutputKind::Visit,
            Self::Event { .. } => OutputKind::Event,
            Self::ActionPlan { .. } => OutputKind::ActionPlan,
            Self::Policy { .. } => OutputKind::Policy,
            Self::Champion { .. } => OutputKind::Champion,
            Self::ChampionWorkshop { .. } => OutputKind::ChampionWorkshop,
            Self::Guide { .. } => OutputKind::Guide,
            Self::Video { .. } => OutputKind::Video,
        }
    }
}

/// One step in an output's history. Steps are only ever added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileHistory {
    pub verb: Verb,
    /// The day from which it counts; left out: the end of the output's known month or window, else
    /// of the project.
    pub effective_on: Option<NaiveDate>,
    /// When the product learned of it; left out: with the project.
    pub recorded_at: Option<DateTime<Utc>>,
    pub reason: Option<String>,
    /// For `RESCHEDULED`: the dates before and after.
    pub old_starts: Option<PartialDate>,
    pub old_ends: Option<PartialDate>,
    pub new_starts: Option<PartialDate>,
    pub new_ends: Option<PartialDate>,
    /// For `REPORTED`: keys of the partners whose report it is, who may not verify it; left out: by
    /// nobody who is known.
    #[serde(default)]
    pub reporters: Strings,
}

/// A means of verification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileEvidence {
    pub kind: EvidenceKind,
    pub title: Option<String>,
    /// For `SOURCE`: the key of the source.
    pub source: Option<String>,
    /// The place in the source.
    pub locator: Option<String>,
    /// For `URL`.
    pub url: Option<String>,
    /// For `FILE`, in hexadecimal.
    pub sha256: Option<String>,
    pub media_type: Option<String>,
    /// In bytes.
    pub size: Option<i64>,
}

/// Who takes or took part, or did not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileParticipation {
    pub partner: Option<String>,
    /// Key of a person.
    pub person: Option<String>,
    /// A role or group, where no partner is named.
    pub who: Option<String>,
    pub status: ParticipationStatus,
    pub reason: Option<String>,
    #[serde(default)]
    pub sources: Strings,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileAgendaItem {
    /// 1 for the first day; left out where it is unknown.
    pub day: Option<i32>,
    pub part_of_day: Option<PartOfDay>,
    pub kind: AgendaKind,
    pub title: String,
    pub presenter: Option<String>,
    /// Roles, never names.
    #[serde(default)]
    pub speakers: Strings,
    #[serde(default)]
    pub sources: Strings,
}

/// A challenge, an advice or a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileLearning {
    pub kind: LearningKind,
    pub body: String,
    /// The partner whose challenge it is, or to whom it is said.
    pub partner: Option<String>,
    #[serde(default)]
    pub sources: Strings,
}

/// A planned action or commitment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileMeasure {
    pub title: String,
    pub state: MeasureState,
    pub due: Option<PartialDate>,
}

/// Who was involved in an action plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileStakeholder {
    pub name: String,
    pub kind: Option<String>,
}

/// The adoption of a plan by a public body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileEndorsement {
    pub body: String,
    pub endorsed: Option<PartialDate>,
    pub document_url: Option<String>,
    #[serde(default)]
    pub sources: Strings,
}

/// A training that a champion delivered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileTraining {
    pub description: String,
    /// Key of a champion workshop.
    pub workshop: Option<String>,
    pub held: Option<PartialDate>,
    /// Whom they trained.
    pub audience: Option<String>,
}
