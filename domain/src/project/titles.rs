//! What the records of a project are called in a language: their titles, and the words that stand for
//! one where a record has none.

use std::borrow::Cow;

use entities::*;
use i18n::{Key, Language, say};

use super::{Project, RecordRef};

/// The titles of a project's records in one language.
#[derive(Clone, Copy, Debug)]
pub struct Titles<'a> {
    project: &'a Project,
    locale: &'a str,
    language: &'static Language,
}

impl<'a> Titles<'a> {
    /// The titles for a reader of this locale. A title that is not there in the reader's language is
    /// that of the project's default language, or any; words that the product does not speak in either
    /// of the two are English.
    #[must_use]
    pub fn new(project: &'a Project, locale: &'a str) -> Self {
        let language = Language::find(locale);
        let language = language.unwrap_or_else(|| Language::of(project.default_locale()));
        Self {
            project,
            locale,
            language,
        }
    }

    /// The name of an organisation in the reader's language; its native name, if that is in it.
    #[must_use]
    pub fn organisation(&self, id: OrganisationId) -> &'a str {
        let row = self.project.organisation(id);
        if let Some(name) = row.translations.known("name", self.locale) {
            return name;
        }
        match &row.native_name {
            Some(name) if is_same_language(&row.locale, self.locale) => name,
            _ => &row.name,
        }
    }

    /// The name of a partner's organisation.
    #[must_use]
    pub fn partner(&self, id: PartnerId) -> &'a str {
        self.organisation(self.project.partner(id).organisation_id)
    }

    /// CoP1.
    #[must_use]
    pub fn community_number(&self, id: CommunityId) -> String {
        let number = self.project.community(id).number;
        say!(self.language, Key("community-short"), number = number)
    }

    /// The title of a community; its number if it has none.
    #[must_use]
    pub fn community(&self, id: CommunityId) -> Cow<'a, str> {
        self.text(&self.project.community(id).title)
            .map_or_else(|| self.community_number(id).into(), Cow::Borrowed)
    }

    /// The partners of a pairing, those who mentor first.
    #[must_use]
    pub fn pairing(&self, id: PairingId) -> String {
        let side = |side| {
            let partners = self.project.side(id, side);
            let names: Vec<_> = partners.map(|partner| self.partner(partner)).collect();
            names.join(", ")
        };
        [side(Side::Mentor), side(Side::Implementing)].join(" – ")
    }

    /// The title that an output itself has; `None` if it has none.
    #[must_use]
    pub fn own(&self, output: &'a output::Model) -> Option<&'a str> {
        self.text(&output.title)
    }

    /// The kind of an output, of an event the kind of event.
    #[must_use]
    pub fn kind(&self, output: &output::Model) -> String {
        match self.project.event(output.id) {
            Some(event) => say!(self.language, event_key(event.kind)),
            None => say!(self.language, kind_key(output.kind)),
        }
    }

    /// The title of an output: its own, else its kind with its number, its partner or its community.
    #[must_use]
    pub fn output(&self, output: &'a output::Model) -> Cow<'a, str> {
        self.own(output)
            .map_or_else(|| self.words_for(output).into(), Cow::Borrowed)
    }

    /// What stands for the title of an output that has none: "Action plan, Asti".
    #[must_use]
    pub fn words_for(&self, output: &output::Model) -> String {
        if let Some(visit) = self.project.visit(output.id) {
            return self.visit(output, visit.number);
        }
        let kind = self.kind(output);
        let partner = output.lead_id.or(output.host_id);
        let whose = partner
            .map(|id| self.partner(id).to_owned())
            .or_else(|| output.community_id.map(|id| self.community_number(id)));
        match whose {
            Some(whose) => format!("{kind}, {whose}"),
            None => kind,
        }
    }

    /// A visit by its host, else by its number in its community.
    fn visit(&self, output: &output::Model, number: i32) -> String {
        let kind = || say!(self.language, kind_key(OutputKind::Visit));
        match (output.host_id, output.community_id) {
            (Some(host), _) => format!("{}, {}", kind(), self.partner(host)),
            (None, Some(community)) => say!(
                self.language,
                Key("visit-numbered"),
                number = number,
                community = self.community_number(community),
            ),
            (None, None) => kind(),
        }
    }

    /// The title of a record that figures count.
    #[must_use]
    pub fn record(&self, record: &'a RecordRef) -> Cow<'a, str> {
        match record {
            RecordRef::Output(id) => self.output(self.project.output(*id)),
            RecordRef::Partner(id) => self.partner(*id).into(),
            RecordRef::Community(id) => self.community(*id),
            RecordRef::BudgetLine(id) => {
                let row = self.project.budget_line(*id);
                self.said(&row.translations, "label", &row.label).into()
            }
            RecordRef::ProjectMonth(number) => format!("M{number}").into(),
            RecordRef::City(id) => self.organisation(*id).into(),
            RecordRef::Country(code) => code.into(),
        }
    }

    /// A text of a row in the reader's language, else as the row has it.
    #[must_use]
    pub fn said(&self, translations: &'a Translations, field: &str, own: &'a str) -> &'a str {
        translations.text(field, own, self.locale)
    }

    fn text(&self, text: &'a Localized) -> Option<&'a str> {
        text.get(self.locale, self.project.default_locale())
    }
}

fn is_same_language(one: &str, other: &str) -> bool {
    let language = |tag: &'_ str| tag.split(['-', '_']).next().map(str::to_ascii_lowercase);
    language(one) == language(other)
}

fn kind_key(kind: OutputKind) -> Key {
    match kind {
        OutputKind::StaffExchange => Key("kind-staff-exchange"),
        OutputKind::Visit => Key("kind-visit"),
        OutputKind::Event => Key("kind-event"),
        OutputKind::ActionPlan => Key("kind-action-plan"),
        OutputKind::Policy => Key("kind-policy"),
        OutputKind::Champion => Key("kind-champion"),
        OutputKind::ChampionWorkshop => Key("kind-champion-workshop"),
        OutputKind::Guide => Key("kind-guide"),
        OutputKind::Video => Key("kind-video"),
    }
}

fn event_key(kind: EventKind) -> Key {
    match kind {
        EventKind::Conference => Key("event-conference"),
        EventKind::ProjectMeeting => Key("event-project-meeting"),
        EventKind::PreparatoryMeeting => Key("event-preparatory-meeting"),
        EventKind::WorkingMeeting => Key("event-working-meeting"),
        EventKind::PeerReview => Key("event-peer-review"),
        EventKind::Webinar => Key("event-webinar"),
        EventKind::PublicEvent => Key("event-public"),
    }
}
