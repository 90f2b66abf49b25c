//! Vocabularies of outputs and what belongs to them.

use super::vocabulary;

vocabulary! {
    /// A kind of output.
    OutputKind = entities::OutputKind {
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

    /// A step in an output's history.
    OutputVerb = entities::Verb {
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

    /// How people meet.
    MeetingMode = entities::Mode {
        /// In one place.
        InPerson,
        /// Online only.
        Online,
        /// In one place and online.
        Hybrid,
    }

    /// Whether somebody took part.
    ParticipationStatus = entities::ParticipationStatus {
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
    PartOfDay = entities::PartOfDay {
        /// Before noon.
        Morning,
        /// After noon.
        Afternoon,
        /// In the evening.
        Evening,
    }

    /// A kind of agenda item.
    AgendaKind = entities::AgendaKind {
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
    LearningKind = entities::LearningKind {
        /// A question that a city put to its peers.
        Challenge,
        /// What peers advised.
        Advice,
        /// What was learned.
        Lesson,
    }

    /// The form of a means of verification.
    EvidenceKind = entities::EvidenceKind {
        /// A source of the project.
        Source,
        /// An address on the web.
        Url,
        /// A stored file.
        File,
    }

    /// A kind of event.
    EventKind = entities::EventKind {
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
    PlanKind = entities::PlanKind {
        /// A roadmap.
        ActionPlan,
        /// A strategy.
        Strategy,
        /// A pact.
        Pact,
    }

    /// How far a measure is.
    MeasureState = entities::MeasureState {
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
    PolicyKind = entities::PolicyKind {
        /// A strategy put into practice.
        Strategy,
        /// A one-stop shop.
        OneStopShop,
        /// A network.
        Network,
        /// Another service.
        Service,
    }

    /// What a note says.
    NoteKind = entities::NoteKind {
        /// Sources disagree.
        Discrepancy,
        /// Something that no source tells.
        Unknown,
        /// A remark.
        Remark,
    }

    /// How far an output is, on the day that it is read as of.
    OutputState = domain::project::State {
        /// Meant to happen.
        Planned,
        /// Its dates and parties stand.
        Confirmed,
        /// Said to be done, with evidence.
        Reported,
        /// The report was accepted.
        Verified,
        /// The report was sent back for what is missing; counts as planned.
        Returned,
        /// Will not happen; counts nowhere.
        Cancelled,
    }
}
