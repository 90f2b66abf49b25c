//! The enumerations, by their names in the API. They are declared, with their descriptions, where
//! the rows and the rules are.

pub use domain::{
    progress::{Stage, Status as TargetStatus},
    project::{Moment, ProposalState, State as OutputState},
};
pub use entities::{
    AgendaKind, Anchor as ReminderAnchor, Audience as ReminderAudience, BudgetKind,
    Category as MailCategory, Channel, DigestFrequency, EventKind, EvidenceKind, ForumMemberKind,
    LearningKind, Measure as CountingMeasure, MeasureState, MemberRole, MembershipState,
    Mode as MeetingMode, NoteKind, NotificationState, OrganisationKind, OutputKind, PartOfDay,
    ParticipationStatus, PartnerKind, PersonKind, PlanKind, PolicyKind, ProposalKind, Relatedness,
    ReportFormat, ReportKind, ReportState, RoleKind, SkipReason, TopicProposer, Unit as TargetUnit,
    Uptake as UptakeDecision, Verb as OutputVerb,
};
