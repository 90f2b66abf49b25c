//! The lists that outputs of all kinds have: evidence, participants, agenda.

use entities::{
    AgendaKind, EvidenceKind, PartOfDay, PartialDate, ParticipationStatus, Strings, Translations,
};

use crate::record::{
    Check, Code, Kind,
    declare::{part, record},
    is_sha256,
};

/// What a participation says in `who` where it means every partner.
pub const ALL_PARTNERS: &str = "all partners";

record! {
    /// A means of verification.
    Evidence of evidence {
        /// A source, an address or a file.
        kind: EvidenceKind = Any;
        /// What it is called.
        title: Option<String> = Name;
        /// For `SOURCE`: the key of the source.
        source: Option<String> = Reference(Kind::Source), column source_id;
        /// The place in the source.
        locator: Option<String> = Name;
        /// For `URL`.
        url: Option<String> = Url;
        /// For `FILE`: the SHA-256 of its bytes, 64 hexadecimal digits in small letters.
        sha256: Option<String> = Own;
        /// Of a file.
        media_type: Option<String> = Name;
        /// In bytes.
        size: Option<i64> = Number(0, i64::MAX);
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Evidence::FIELDS, &["title"]);
    }
    between;
}

record! {
    /// Who takes or took part, or did not.
    Participant of participation {
        /// The partner that they come from, by its organisation's key.
        partner: Option<String> = Reference(Kind::Partner), column partner_id;
        /// Key of a person.
        person: Option<String> = Reference(Kind::Person), column person_id;
        /// A role or group, where no partner is named.
        who: Option<String> = Text;
        /// Whether they took part; expected if left out.
        #[serde(default = "expected")]
        status: ParticipationStatus = Any;
        /// Why they did not come.
        reason: Option<String> = Text;
        /// From when on the status holds, as exact as that is known; else from the output's report.
        since: Option<PartialDate> = Any;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Participant::FIELDS, &["who"]);
    }
    between;
}

record! {
    /// An item of the agenda.
    AgendaItem of agenda_item {
        /// 1 for the first day; left out where it is unknown.
        day: Option<i32> = Number(1, i64::MAX);
        /// In which part of the day.
        part_of_day: Option<PartOfDay> = Any;
        /// What kind of item it is.
        kind: AgendaKind = Any;
        /// What it is about.
        title: String = Text;
        /// The partner that presents, by its organisation's key.
        presenter: Option<String> = Reference(Kind::Partner), column presenter_id;
        /// Roles, never names.
        #[serde(default)]
        speakers: Strings = NameList;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| AgendaItem::FIELDS, &["title", "speakers"]);
    }
}

part! {
    Evidence in evidence, output_id known by kind, source, url, sha256;
    Participant in participations, output_id known by partner, person, who;
    AgendaItem in agenda_items, output_id known by title;
}

fn expected() -> ParticipationStatus {
    ParticipationStatus::Expected
}

impl Evidence {
    fn between(&self, check: &mut Check<'_>) {
        match self.kind {
            EvidenceKind::Source => check.required("source", &self.source),
            EvidenceKind::Url => check.required("url", &self.url),
            EvidenceKind::File => check.required("sha256", &self.sha256),
        }
        if !self.sha256.as_deref().is_none_or(is_sha256) {
            check
                .at("sha256")
                .with(Code::OutOfRange, "SHA-256, 64 digits 0-9 a-f");
        }
    }
}

impl Participant {
    /// The field by which it is named among others already. People of one partner may each have an
    /// entry.
    #[must_use]
    pub fn twice_among(&self, others: &[Self]) -> Option<&'static str> {
        let is_same = |other: &Self| {
            let is_entry = (&self.partner, &self.person, &self.who)
                == (&other.partner, &other.person, &other.who);
            is_entry || self.person.is_some() && self.person == other.person
        };
        let field = match self {
            Self {
                person: Some(_), ..
            } => "person",
            Self {
                partner: Some(_), ..
            } => "partner",
            _ => "who",
        };
        others.iter().any(is_same).then_some(field)
    }

    fn between(&self, check: &mut Check<'_>) {
        if self.partner.is_none() && self.person.is_none() && self.who.is_none() {
            check.add(Code::Required);
        }
    }
}
