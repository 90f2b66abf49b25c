//! Pairings: a mentor (or group) and who implements (or a group) exchange staff.

use entities::{Basis, Side, Strings, Translations, pairing, pairing_party};

use super::{
    Check, Code, Kind, Names,
    declare::{Place, part, record},
};
use crate::record::rows::{Rows, children};

/// The most days that a leg may have.
const DAYS_PER_LEG: i64 = 60;

record! {
    /// A mentor (or group) and an implementing partner (or group) who exchange staff.
    Pairing of pairing {
        /// Names it in the project.
        key: String = Key;
        /// Its community, by key.
        community: Option<String> = Reference(Kind::Community), column community_id;
        /// How many days a leg has; 5 if left out.
        #[serde(default = "usual_days")]
        days_per_leg: i32 = Number(1, DAYS_PER_LEG);
        /// The partners that host leg 1.
        #[serde(default)]
        mentor: Vec<String> = References(Kind::Partner), by (mentors, store_mentors);
        /// The partners that host leg 2.
        #[serde(default)]
        implementing: Vec<String> = References(Kind::Partner), by (implementers, store_implementers);
        /// What came of it.
        result: Option<String> = LongText;
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
        translations: Translations = Translated(|| Pairing::FIELDS, &["result", "note"]);
    }
    between;
}

part! {
    Pairing in pairings, project_id known by key => |record, _| Some(record.key.clone());
}

impl Pairing {
    fn between(&self, check: &mut Check<'_>) {
        for (at, partner) in self.implementing.iter().enumerate() {
            if self.mentor.contains(partner) {
                check.at("implementing").at_index(at).add(Code::Twice);
            }
        }
    }
}

fn mentors(row: &pairing::Model, rows: &Rows, names: &Names) -> Vec<String> {
    side(row, rows, names, Side::Mentor)
}

fn implementers(row: &pairing::Model, rows: &Rows, names: &Names) -> Vec<String> {
    side(row, rows, names, Side::Implementing)
}

fn side(row: &pairing::Model, rows: &Rows, names: &Names, side: Side) -> Vec<String> {
    let parties = children(&rows.pairing_parties, row.id).iter();
    parties
        .filter(|party| party.side == side)
        .filter_map(|party| names.key_of(party.partner_id.into()).map(str::to_owned))
        .collect()
}

fn store_mentors(pairing: &Pairing, at: &mut Place<'_>, rows: &mut Rows) {
    at.clear(&mut rows.pairing_parties);
    store_side(&pairing.mentor, Side::Mentor, 0, at, rows);
}

fn store_implementers(pairing: &Pairing, at: &mut Place<'_>, rows: &mut Rows) {
    let after = pairing.mentor.len();
    store_side(&pairing.implementing, Side::Implementing, after, at, rows);
}

fn store_side(keys: &[String], side: Side, after: usize, at: &Place<'_>, rows: &mut Rows) {
    for (position, key) in (after..).zip(keys) {
        let Some(partner) = at.names.id_of(Kind::Partner, key) else {
            continue;
        };
        rows.pairing_parties.push(pairing_party::Model {
            id: at
                .id(|rows| &rows.pairing_parties, &partner.to_string())
                .into(),
            project_id: at.project,
            pairing_id: at.own.into(),
            partner_id: partner.into(),
            side,
            position: i32::try_from(position).unwrap_or(i32::MAX),
        });
    }
}

/// How many days a leg has where nothing else is said.
fn usual_days() -> i32 {
    5
}
