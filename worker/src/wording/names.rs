//! The names of a project's records in the reader's language.

use chrono::{DateTime, NaiveDate, Utc};
use domain::plan::ALL_PARTNERS;
use domain::project::{AsOf, Project, RecordRef, State, Titles};
use domain::zone;
use entities::*;

use super::words::{Key, Words, say};

/// The names of the records of one project in one language.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    pub project: &'a Project,
    pub words: Words,
    titles: Titles<'a>,
}

impl<'a> Names<'a> {
    #[must_use]
    pub fn new(project: &'a Project, locale: &str) -> Self {
        let words = Words::of(locale);
        Self {
            project,
            words,
            titles: Titles::new(project, words.tag),
        }
    }

    /// The name of an organisation: its native name, if that is in the reader's language.
    #[must_use]
    pub fn organisation(&self, id: OrganisationId) -> &'a str {
        self.titles.organisation(id)
    }

    #[must_use]
    pub fn partner(&self, id: PartnerId) -> &'a str {
        self.titles.partner(id)
    }

    /// CoP1.
    #[must_use]
    pub fn community_short(&self, id: CommunityId) -> String {
        self.titles.community_number(id)
    }

    /// CoP1, and its title.
    #[must_use]
    pub fn community(&self, id: CommunityId) -> String {
        let row = self.project.community(id);
        let short = self.community_short(id);
        match row.title.get(self.words.tag, self.project.default_locale()) {
            Some(title) => format!("{short} – {title}"),
            None => short,
        }
    }

    /// A text of a row in the reader's language, else as the row has it.
    #[must_use]
    pub fn said(&self, translations: &'a Translations, field: &str, own: &'a str) -> &'a str {
        self.titles.said(translations, field, own)
    }

    /// The title of an output, if it has one.
    #[must_use]
    pub fn title(&self, output: &'a output::Model) -> Option<&'a str> {
        self.titles.own(output)
    }

    /// The kind of an output.
    #[must_use]
    pub fn kind(&self, output: &output::Model) -> String {
        self.titles.kind(output)
    }

    /// The name of an output: its title, with kind, number or partner where these are needed.
    #[must_use]
    pub fn output(&self, output: &'a output::Model) -> String {
        match (output.kind, self.title(output)) {
            (_, None) => self.titles.words_for(output),
            (OutputKind::Visit, Some(title)) => {
                format!("{}: {title}", self.titles.words_for(output))
            }
            (OutputKind::Policy | OutputKind::Guide | OutputKind::Video, Some(title)) => {
                format!("{}: {title}", self.kind(output))
            }
            (_, Some(title)) => title.to_owned(),
        }
    }

    /// The name of an output in a subject line.
    #[must_use]
    pub fn short(&self, output: &'a output::Model) -> String {
        match output.kind {
            OutputKind::Visit => self.titles.words_for(output),
            _ => self.output(output),
        }
    }

    /// A record that a figure counts.
    #[must_use]
    pub fn record(&self, record: &RecordRef, as_of: AsOf) -> String {
        match record {
            RecordRef::Output(id) => self.output(self.project.output(*id)),
            RecordRef::Partner(id) => self.partner(*id).to_owned(),
            RecordRef::City(id) => self.organisation(*id).to_owned(),
            RecordRef::Community(id) => self.community(*id),
            RecordRef::ProjectMonth(number) => {
                let month = self.project.record_status(record, as_of);
                let first = month.starts.map(PartialDate::first_day);
                let last = month.ends.map(PartialDate::first_day);
                match first.zip(last) {
                    Some(period) => format!("M{number}, {}", self.words.period(period)),
                    None => format!("M{number}"),
                }
            }
            RecordRef::BudgetLine(_) | RecordRef::Country(_) => {
                self.titles.record(record).into_owned()
            }
        }
    }

    /// The participants that are expected or took part, without the partners that are named
    /// elsewhere.
    #[must_use]
    pub fn participants(&self, output: &output::Model, besides: &[PartnerId]) -> Vec<String> {
        let stays_away = [ParticipationStatus::Cancelled, ParticipationStatus::Unable];
        let rows = self.project.participations_of(output.id);
        rows.iter()
            .filter(|row| !stays_away.contains(&row.status))
            .filter_map(|row| match (row.partner_id, row.who.as_deref()) {
                (Some(id), _) => (!besides.contains(&id)).then(|| self.partner(id).to_owned()),
                (None, Some(ALL_PARTNERS)) => Some(say!(self.words, Key("all-partners"))),
                (None, who) => who.map(|who| self.said(&row.translations, "who", who).to_owned()),
            })
            .collect()
    }

    /// The partners that a person acts for now.
    #[must_use]
    pub fn acts_for(&self, person: PersonId) -> Vec<PartnerId> {
        let roles = self.project.roles_in_force_of(person);
        roles.iter().filter_map(|role| role.partner_id).collect()
    }
}

/// The time difference between a place and the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockGap<'a> {
    pub there: &'a str,
    pub here: &'a str,
    /// The minutes by which the clocks there are ahead; never 0.
    pub minutes: i64,
}

/// The time difference of two zones on a day, at noon of the first; `None` if there is none.
#[must_use]
pub fn clock_gap<'a>(there: &'a str, here: &'a str, day: NaiveDate) -> Option<ClockGap<'a>> {
    let noon = day.and_hms_opt(12, 0, 0)?;
    let instant: DateTime<Utc> = zone::instant_of(day, noon.time(), &zone::zone(there).ok()?);
    let minutes = (noon - zone::local(instant, &zone::zone(here).ok()?)).num_minutes();
    (minutes != 0).then_some(ClockGap {
        there,
        here,
        minutes,
    })
}

#[must_use]
pub fn state_key(state: State) -> Key {
    match state {
        State::Planned => Key("state-planned"),
        State::Confirmed => Key("state-confirmed"),
        State::Reported => Key("state-reported"),
        State::Verified => Key("state-verified"),
        State::Returned => Key("state-returned"),
        State::Cancelled => Key("state-cancelled"),
    }
}

#[must_use]
pub fn mode_key(mode: Mode) -> Key {
    match mode {
        Mode::InPerson => Key("mode-in-person"),
        Mode::Online => Key("mode-online"),
        Mode::Hybrid => Key("mode-hybrid"),
    }
}
