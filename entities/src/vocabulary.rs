//! The closed vocabularies of the rows, stored and exchanged in SCREAMING_SNAKE_CASE.

use schemars::JsonSchema;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Declares enums that the database, the project file and the API spell alike, with the one
/// description that they have in both manuals. What the API calls otherwise says so.
macro_rules! vocabulary {
    ($($(#[$doc:meta])+ $name:ident $(as $graphql:literal)? {
        $($(#[$vdoc:meta])+ $variant:ident),+ $(,)?
    })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(EnumIter, DeriveActiveEnum, Serialize, Deserialize, JsonSchema)]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
        $(#[cfg_attr(feature = "graphql", graphql(name = $graphql))])?
        pub enum $name {
            $($(#[$vdoc])+ $variant),+
        }

        /// The first of its words: what stands in an empty row until a word is given.
        impl Default for $name {
            fn default() -> Self {
                let [first, ..] = [$(Self::$variant),+];
                first
            }
        }
    )+};
}

vocabulary! {
    /// What an organisation is by itself.
    OrganisationKind {
        /// A municipality.
        City,
        /// A network or association of cities.
        CityNetwork,
        /// A development agency.
        DevelopmentAgency,
        /// An organisation of experts.
        ExpertOrganisation,
        /// A non-governmental organisation.
        Ngo,
        /// A public body that funds projects.
        PublicFunder,
        /// Anything else.
        Other,
    }

    /// Who stands behind an address.
    PersonKind {
        /// One human being.
        Human,
        /// A mailbox that a role shares: one mail for all its readers.
        Mailbox,
    }

    /// How often a digest is wanted.
    DigestFrequency {
        /// No digest.
        Never,
        /// Every Monday.
        Weekly,
    }

    /// A category of mail; each can be declined on its own.
    Category as "MailCategory" {
        /// A staff exchange is near.
        ExchangeReminder,
        /// A thematic cluster visit is near.
        VisitReminder,
        /// A meeting or conference is near.
        MeetingReminder,
        /// Something that the recipient owes is due soon.
        DueReminder,
        /// The weekly digest.
        Digest,
        /// A progress report.
        ProgressReport,
        /// A question that only the recipient's organisation can answer, such as what came of a
        /// challenge.
        Question,
        /// A link to sign in with; nobody can decline what they asked for.
        SignIn,
        /// A token was made that acts on the person's behalf; nobody can decline to hear of it.
        NewToken,
    }

    /// What a note says.
    NoteKind {
        /// Sources disagree.
        Discrepancy,
        /// Something that no source tells.
        Unknown,
        /// A remark.
        Remark,
    }

    /// The part that an organisation plays in a project.
    PartnerKind {
        /// Leads the project.
        Coordinator,
        /// Runs the communities.
        Expert,
        /// A partner city.
        CoreCity,
        /// A partner for a region, through which municipalities act.
        RegionalPartner,
        /// Takes part through a regional partner.
        AssociatedMunicipality,
        /// An additional city that follows a community.
        FellowCity,
        /// Pays, and is reported to.
        Funder,
    }

    /// What a person may do in a project.
    RoleKind {
        /// Steers the project.
        Coordinator,
        /// Edits the communities.
        Expert,
        /// Acts for one partner.
        Partner,
        /// Reads verified figures and reports.
        Funder,
        /// Reads.
        Viewer,
    }

    /// The part of a partner in a community.
    MemberRole {
        /// Shares its experience.
        Mentor,
        /// Puts a new policy into practice.
        Implementing,
        /// Takes part without a policy of its own.
        Observer,
    }

    /// What a target is counted in.
    Unit as "TargetUnit" {
        /// Policies.
        Policy,
        /// Cities.
        City,
        /// Legs of staff exchanges: one host, one journey.
        Leg,
        /// Visits.
        Visit,
        /// People.
        Person,
        /// Workshops.
        Workshop,
        /// Guides.
        Guide,
        /// Videos.
        Video,
        /// Conferences.
        Conference,
        /// Action plans.
        Plan,
        /// Communities of practice.
        Community,
        /// Days.
        Day,
        /// Project months.
        Month,
        /// Minor units of the currency, such as euro cents.
        Money,
        /// Organisations.
        Organisation,
        /// Countries.
        Country,
    }

    /// What a line of the budget stands for.
    BudgetKind {
        /// Funding of the whole project.
        ProjectFunding,
        /// The share of one partner.
        PartnerShare,
        /// Money set aside for grants.
        GrantPool,
    }

    /// What the time of a mail is reckoned from.
    Anchor as "ReminderAnchor" {
        /// The first day of a staff exchange.
        ExchangeStart,
        /// The first day of a visit.
        VisitStart,
        /// The first day of an event.
        EventStart,
        /// The day by which an output whose days are not known is due.
        DueDay,
        /// The first day of the window for which an output is planned without days.
        WindowStart,
        /// A weekday of each week.
        Week,
        /// A day of each month.
        Month,
        /// The last day of a visit, or of another output, in which a city put a challenge: the mail
        /// goes out after it.
        VisitEnd,
    }

    /// Who gets a mail.
    Audience as "ReminderAudience" {
        /// The partner that hosts.
        Host,
        /// The partners that travel to the host.
        Guest,
        /// Everyone who takes part.
        Participants,
        /// The partner that leads; the coordinator where none does, or nobody acts for it.
        Lead,
        /// The partners that put a challenge of which they have not said what came of it; the
        /// coordinator where nobody acts for them.
        Challengers,
        /// Every partner of the project.
        Partners,
        /// The coordinator.
        Coordinator,
        /// The experts.
        Expert,
        /// The funder.
        Funder,
    }

    /// A side of a pairing.
    Side {
        /// The experienced side.
        Mentor,
        /// The side that implements a policy.
        Implementing,
    }

    /// A kind of output.
    OutputKind {
        /// One leg of a staff exchange.
        StaffExchange,
        /// A thematic cluster visit.
        Visit,
        /// A conference or meeting.
        Event,
        /// An action plan.
        ActionPlan,
        /// A policy in practice.
        Policy,
        /// A trained integration champion.
        Champion,
        /// A workshop held by champions.
        ChampionWorkshop,
        /// A how-to guide.
        Guide,
        /// A video.
        Video,
    }

    /// How people meet.
    Mode as "MeetingMode" {
        /// In one place.
        InPerson,
        /// Online only.
        Online,
        /// In one place and online.
        Hybrid,
    }

    /// A step in an output's history.
    Verb as "OutputVerb" {
        /// It was planned.
        Planned,
        /// Its dates and parties were confirmed.
        Confirmed,
        /// It was reported as done.
        Reported,
        /// The report was accepted.
        Verified,
        /// The report was sent back for what is missing.
        Returned,
        /// It was cancelled.
        Cancelled,
        /// Its dates moved.
        Rescheduled,
        /// It was taken up again.
        Reopened,
    }

    /// Whether somebody took part.
    ParticipationStatus {
        /// Announced or invited; nothing is known of the day itself.
        Expected,
        /// Took part.
        Present,
        /// Withdrew.
        Cancelled,
        /// Could not come.
        Unable,
        /// Expected, but not named among those present.
        NotNamed,
    }

    /// A part of a day.
    PartOfDay {
        /// Before noon.
        Morning,
        /// After noon.
        Afternoon,
        /// In the evening.
        Evening,
    }

    /// A kind of agenda item.
    AgendaKind {
        /// An opening.
        Welcome,
        /// Getting to know each other.
        Introduction,
        /// A presentation.
        Presentation,
        /// A working session.
        Session,
        /// A panel.
        Panel,
        /// A visit to a place.
        SiteVisit,
        /// Peers work on one city's question.
        ActionLearning,
        /// Work on action plans.
        ActionPlanning,
        /// Work on a text.
        Drafting,
        /// A briefing.
        Briefing,
        /// A workshop.
        Workshop,
        /// A training session.
        Training,
        /// A ceremony.
        Ceremony,
        /// A topic, with no place in the day.
        Topic,
    }

    /// What peers gave each other.
    LearningKind {
        /// A question that a city put to its peers.
        Challenge,
        /// What peers advised.
        Advice,
        /// What was learned.
        Lesson,
        /// What peers asked back about a challenge.
        Question,
    }

    /// Whether a city takes up an advice that it was given.
    Uptake as "UptakeDecision" {
        /// It takes it up.
        TakenUp,
        /// It does not, and says why.
        NotTakenUp,
    }

    /// The form of a means of verification.
    EvidenceKind {
        /// A source of the project.
        Source,
        /// An address on the web.
        Url,
        /// A stored file.
        File,
    }

    /// A kind of event.
    EventKind {
        /// A conference.
        Conference,
        /// A meeting of all partners.
        ProjectMeeting,
        /// A meeting that prepares others.
        PreparatoryMeeting,
        /// A meeting of a few partners.
        WorkingMeeting,
        /// Peers hear and comment a draft.
        PeerReview,
        /// A webinar.
        Webinar,
        /// An event open to the public.
        PublicEvent,
    }

    /// A kind of action plan.
    PlanKind {
        /// A roadmap.
        ActionPlan,
        /// A strategy.
        Strategy,
        /// A pact.
        Pact,
    }

    /// How far a measure is.
    MeasureState {
        /// Not begun.
        Planned,
        /// Begun.
        UnderWay,
        /// Done.
        Done,
        /// Given up.
        Dropped,
    }

    /// A kind of policy.
    PolicyKind {
        /// A strategy put into practice.
        Strategy,
        /// A one-stop shop.
        OneStopShop,
        /// A network.
        Network,
        /// Another service.
        Service,
    }

    /// Who belongs to a forum.
    ForumMemberKind {
        /// An association.
        Association,
        /// A single person.
        Individual,
    }

    /// How far an application to a forum is.
    MembershipState {
        /// Asked to join.
        Applied,
        /// Belongs to it.
        Accepted,
        /// Was declined.
        Declined,
    }

    /// Who proposed a topic.
    TopicProposer {
        /// A participant.
        Participant,
        /// The coordinator.
        Coordinator,
    }

    /// What a proposal would change.
    ProposalKind {
        /// The dates of an output.
        Dates,
        /// What an organisation says of itself, which several projects show.
        Organisation,
        /// What is said of a person who has roles in several projects.
        Person,
        /// What is said of the programme of several projects.
        Programme,
    }

    /// What became of a proposal.
    Decision as "ProposalDecision" {
        /// It was done.
        Accepted,
        /// It was declined, with a reason.
        Declined,
        /// Whoever proposed it took it back.
        Withdrawn,
    }

    /// Why a report is made.
    ReportKind {
        /// For each month of the project.
        Monthly,
        /// Somebody asked for it.
        OnDemand,
    }

    /// How far a report is.
    ReportState {
        /// Waits for the worker.
        Requested,
        /// Made and stored.
        Ready,
        /// Could not be made.
        Failed,
    }

    /// A file format of a report.
    ReportFormat {
        /// A page.
        Html,
        /// A table.
        Csv,
        /// The frozen figures.
        Json,
    }

    /// What became of a mail.
    NotificationState {
        /// Waits to be sent, or to be sent again.
        Due,
        /// Handed to the server; the outcome is not recorded yet.
        Sending,
        /// The server accepted it.
        Sent,
        /// Not sent, on purpose.
        Skipped,
        /// Refused for good.
        Failed,
        /// Handed over, and no reply came.
        Unknown,
    }

    /// Why a mail was not sent.
    SkipReason {
        /// The person has no address.
        NoAddress,
        /// The address was refused before.
        Suppressed,
        /// The person paused their mail.
        Paused,
        /// The person declined this category.
        Unsubscribed,
        /// It would no longer be useful.
        TooLate,
        /// A later step of the same kind is due too.
        Superseded,
        /// There was nothing to say.
        NothingToSay,
        /// What it is about was cancelled.
        Cancelled,
        /// What it is about has moved.
        Moved,
        /// The rule no longer asks for it.
        RuleChanged,
        /// The person's data were erased.
        Erased,
        /// What it offers was used already.
        Used,
    }

    /// By which way somebody changed something.
    Channel {
        /// Signed in, with a browser.
        Session,
        /// With an API token.
        Token,
        /// On the machine itself.
        Operator,
        /// With a command of `connection`, an import for instance.
        Command,
        /// By a signed link in a mail.
        Link,
        /// The worker, by itself.
        Worker,
    }
}
