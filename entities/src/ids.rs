//! One id type per kind of row, so that a visit's id cannot stand where an exchange's is meant.

/// Declares a UUID newtype that sea-orm can use as a primary or foreign key.
macro_rules! id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(sea_orm::DeriveValueType, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id! {
    /// Identifies a programme (the fund).
    ProgrammeId,
    /// Identifies a project.
    ProjectId,
    /// Identifies an organisation.
    OrganisationId,
    /// Identifies a person or a shared mailbox.
    PersonId,
    /// Identifies one role of a person in a project.
    RoleId,
    /// Identifies a source.
    SourceId,
    /// Identifies a note.
    NoteId,
    /// Identifies an organisation's place in a project.
    PartnerId,
    /// Identifies a community of practice.
    CommunityId,
    /// Identifies a partner's place in a community.
    MemberId,
    /// Identifies a pairing of mentor and implementing partners.
    PairingId,
    /// Identifies one side's partner in a pairing.
    PairingPartyId,
    /// Identifies an output of any kind.
    OutputId,
    /// Identifies one event in an output's history.
    OutputEventId,
    /// Identifies a partner for whom an output was reported, or a person who acted for it.
    ReporterId,
    /// Identifies one participation in an output.
    ParticipationId,
    /// Identifies an agenda item.
    AgendaItemId,
    /// Identifies a challenge, an advice or a lesson.
    LearningId,
    /// Identifies a practice.
    PracticeId,
    /// Identifies a practice seen at a visit.
    VisitPracticeId,
    /// Identifies a measure of an action plan.
    MeasureId,
    /// Identifies a stakeholder of an action plan.
    StakeholderId,
    /// Identifies an endorsement of an action plan.
    EndorsementId,
    /// Identifies a training that a champion delivered.
    TrainingId,
    /// Identifies a piece of evidence.
    EvidenceId,
    /// Identifies a target.
    TargetId,
    /// Identifies a line of the budget.
    BudgetLineId,
    /// Identifies a call for participants.
    OpenCallId,
    /// Identifies a publication.
    PublicationId,
    /// Identifies a forum.
    ForumId,
    /// Identifies a forum's member.
    ForumMemberId,
    /// Identifies a topic proposed to a forum.
    ForumTopicId,
    /// Identifies a forum's meeting.
    ForumMeetingId,
    /// Identifies a proposal.
    ProposalId,
    /// Identifies what a project said of somebody whom it added.
    IntroductionId,
    /// Identifies a reminder rule.
    ReminderRuleId,
    /// Identifies a row of the notification ledger.
    NotificationId,
    /// Identifies one person's refusal of one category of mail.
    UnsubscriptionId,
    /// Identifies a progress report.
    ReportId,
    /// Identifies one stored file of a report.
    ReportFileId,
    /// Identifies a link by which somebody signs in.
    SignInLinkId,
    /// Identifies a browser in which somebody is signed in.
    SessionId,
    /// Identifies what a dashboard or a script signs in with.
    ApiTokenId,
    /// Identifies a file that was sent and is not evidence yet.
    UploadId,
    /// Identifies one changed record of one act.
    AuditEntryId,
    /// Identifies an act: one mutation, one import.
    ActId,
    /// Identifies an act that was asked for under a key.
    RepeatedActId,
}
