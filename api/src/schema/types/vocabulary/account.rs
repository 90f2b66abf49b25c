//! Vocabularies of targets, money, reports and mail.

use super::vocabulary;

vocabulary! {
    /// What a target is counted in.
    TargetUnit = entities::Unit {
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
    BudgetKind = entities::BudgetKind {
        /// Funding of the whole project.
        ProjectFunding,
        /// The share of one partner.
        PartnerShare,
        /// Money set aside for grants.
        GrantPool,
    }

    /// A category of mail; each can be declined on its own.
    MailCategory = entities::Category {
        /// A staff exchange is near.
        ExchangeReminder,
        /// A thematic cluster visit is near.
        VisitReminder,
        /// A meeting or conference is near.
        MeetingReminder,
        /// The weekly digest.
        Digest,
        /// A progress report.
        ProgressReport,
        /// A link to sign in with.
        SignIn,
    }

    /// What the time of a mail is reckoned from.
    ReminderAnchor = entities::Anchor {
        /// The first day of a staff exchange.
        ExchangeStart,
        /// The first day of a visit.
        VisitStart,
        /// The first day of an event.
        EventStart,
        /// A weekday of each week.
        Week,
        /// A day of each month.
        Month,
    }

    /// Who gets a mail.
    ReminderAudience = entities::Audience {
        /// The partner that hosts.
        Host,
        /// The partners that travel to the host.
        Guest,
        /// Everyone who takes part.
        Participants,
        /// Every partner of the project.
        Partners,
        /// The coordinator.
        Coordinator,
        /// The experts.
        Expert,
        /// The funder.
        Funder,
    }

    /// Why a report is made.
    ReportKind = entities::ReportKind {
        /// For each month of the project.
        Monthly,
        /// Somebody asked for it.
        OnDemand,
    }

    /// How far a report is.
    ReportState = entities::ReportState {
        /// Waits for the worker.
        Requested,
        /// Made and stored.
        Ready,
        /// Could not be made.
        Failed,
    }

    /// A file format of a report.
    ReportFormat = entities::ReportFormat {
        /// A page.
        Html,
        /// A table.
        Csv,
        /// The frozen figures.
        Json,
    }

    /// What became of a mail.
    NotificationState = entities::NotificationState {
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

    /// By which way somebody changed something.
    Channel = entities::Channel {
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

    /// Why a mail was not sent.
    SkipReason = entities::SkipReason {
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
        /// A later step of the same rule is due too.
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

    /// How counted records make a figure.
    CountingMeasure = entities::Measure {
        /// How many records. The parts sum to the whole.
        Count,
        /// The sum of the records' known amounts; null where no amount is known. The parts sum to the whole.
        SumAmount,
        /// How many different cities the records stand for. Parts overlap.
        DistinctCity,
        /// How many different member states of the European Union the records' cities lie in. Parts overlap.
        DistinctMemberState,
        /// How many of the records whose length is known last as many days as the target says.
        NormDays,
        /// The data hold no such records: null, which is not 0.
        NotMeasured,
    }

    /// How far a counted record is. A later stage is part of every earlier one.
    Stage = domain::progress::Stage {
        /// Everything that is meant to count and was not cancelled.
        Planned,
        /// What is said to be done, with the evidence that the rule asks for.
        Reported,
        /// What was accepted.
        Verified,
    }

    /// Whether a target is on its way; the first that holds, in the order of this list except `ON_TRACK`, which is none of the others.
    TargetStatus = domain::progress::Status {
        /// As much is reported as the goal asks. For a norm: the due day is over and every measured record keeps it.
        Met,
        /// The due day is over.
        Late,
        /// A counted record is overdue; or less is planned than the goal asks although three quarters of the time are over. For a norm: a measured record does not keep it.
        AtRisk,
        /// None of the others.
        OnTrack,
    }
}
