//! Vocabularies of organisations, partners and people.

use super::vocabulary;

vocabulary! {
    /// What an organisation is by itself.
    OrganisationKind = entities::OrganisationKind {
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

    /// The part that an organisation plays in a project.
    PartnerKind = entities::PartnerKind {
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

    /// The part of a partner in a community.
    MemberRole = entities::MemberRole {
        /// Shares its experience.
        Mentor,
        /// Puts a new policy into practice.
        Implementing,
        /// Takes part without a policy of its own.
        Observer,
    }

    /// Who stands behind an address.
    PersonKind = entities::PersonKind {
        /// One human being.
        Human,
        /// A mailbox that a role shares: one mail for all its readers.
        Mailbox,
    }

    /// What a person may do in a project.
    RoleKind = entities::RoleKind {
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

    /// How often a digest is wanted.
    DigestFrequency = entities::DigestFrequency {
        /// No digest.
        Never,
        /// Every Monday.
        Weekly,
    }

    /// Who belongs to a forum.
    ForumMemberKind = entities::ForumMemberKind {
        /// An association.
        Association,
        /// A single person.
        Individual,
    }

    /// How far an application to a forum is.
    MembershipState = entities::MembershipState {
        /// Asked to join.
        Applied,
        /// Belongs to it.
        Accepted,
        /// Was declined.
        Declined,
    }

    /// Who proposed a topic.
    TopicProposer = entities::TopicProposer {
        /// A participant.
        Participant,
        /// The coordinator.
        Coordinator,
    }

    /// Whether a related project came before or after.
    Relatedness = entities::Relatedness {
        /// It came before.
        Predecessor,
        /// It came after.
        Successor,
    }
}
