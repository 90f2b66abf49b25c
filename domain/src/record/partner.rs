//! Partners: an organisation's place in the project.

use chrono::NaiveDate;
use entities::{Basis, PartialDate, PartnerKind, Strings, Translations};

use super::{
    Check, Kind,
    declare::{part, record},
};

record! {
    /// An organisation's place in the project; named by the organisation's key.
    Partner of partner {
        /// The organisation, by key.
        organisation: String = Reference(Kind::Organisation), column organisation_id;
        /// What it is in the project.
        kind: PartnerKind = Any;
        /// The partner through which it acts.
        via: Option<String> = Reference(Kind::Partner), column via_id;
        /// Who acts for it, where that body has another name.
        acting_body: Option<String> = LongText;
        /// Its first day in the project.
        joined_on: Option<NaiveDate> = Any;
        /// Its last day in the project.
        left_on: Option<NaiveDate> = Any;
        /// A remark.
        note: Option<String> = LongText;
        /// Field to reason, for what was worked out and not read.
        #[serde(default)]
        basis: Basis = Any;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Partner::FIELDS, &["actingBody", "note"]);
    }
    between;
}

part! {
    Partner in partners, project_id known by organisation => |partner, names| {
        let id = names.id_of(Kind::Organisation, &partner.organisation)?;
        Some(id.to_string())
    };
}

impl Partner {
    fn between(&self, check: &mut Check<'_>) {
        let [joined, left] = [self.joined_on, self.left_on].map(|day| day.map(PartialDate::from));
        check.period("leftOn", joined, left);
    }
}
