//! Who says that somebody comes or cannot come: a city speaks for itself and for its own people, and
//! says why where they do not come.

use entities::*;
use serde_json::Value as Json;

use super::{Code, Draft, Fields, Problems, own::fill};
use crate::{
    record::{Kind, Names},
    viewer::{Denied, VoiceOn},
};

/// Fills in whose row it is, and refuses what is not theirs to say. A party keeps the list of others,
/// too.
///
/// # Errors
/// `Forbidden` where the row is another partner's.
pub(super) fn allow(
    draft: &Draft,
    right: &VoiceOn,
    problems: &mut Problems,
    old: Option<&participation::Model>,
    fields: &mut Fields,
) -> Result<(), Denied> {
    let Some(own) = right.own() else {
        return Ok(());
    };
    let names = Names::of(&draft.rows);
    if !right.is_party() {
        if old.is_some_and(|row| !is_own(right, own, row)) {
            return Err(Denied::Forbidden);
        }
        let is_person = fields.text("person").is_some();
        let is_named = fields.text("partner").is_some();
        let must = match old {
            None => is_named || own.len() == 1 || !is_person,
            Some(_) => fields.says("partner"),
        };
        if must {
            fill(fields, problems, "partner", own, &names);
        }
        if let Some(id) = named(fields, "person", Kind::Person, &names)
            && !right.people().contains(&id.into())
        {
            problems.add("person", Code::Forbidden);
        }
    }
    let mut row = old.cloned().unwrap_or_default();
    if let Some(id) = named(fields, "partner", Kind::Partner, &names) {
        row.partner_id = Some(id.into());
    }
    if let Some(id) = named(fields, "person", Kind::Person, &names) {
        row.person_id = Some(id.into());
    }
    if is_own(right, own, &row) {
        check_reason(problems, old, fields);
    }
    Ok(())
}

fn is_own(right: &VoiceOn, own: &[PartnerId], row: &participation::Model) -> bool {
    row.partner_id.is_some_and(|id| own.contains(&id))
        || row.person_id.is_some_and(|id| right.people().contains(&id))
}

fn named(fields: &Fields, field: &str, kind: Kind, names: &Names) -> Option<uuid::Uuid> {
    names.id_of(kind, fields.text(field)?)
}

/// Whoever does not come says why.
fn check_reason(problems: &mut Problems, old: Option<&participation::Model>, fields: &mut Fields) {
    if old.is_some() && !fields.says("status") && !fields.says("reason") {
        return;
    }
    let status = fields.get("status").cloned().unwrap_or_default();
    let status: Option<ParticipationStatus> = serde_json::from_value(status).ok();
    let status = status.or(old.map(|row| row.status)).unwrap_or_default();
    let stays_away = [ParticipationStatus::Cancelled, ParticipationStatus::Unable];
    let reason = match fields.says("reason") {
        true => fields.text("reason"),
        false => old.and_then(|row| row.reason.as_deref()),
    };
    if stays_away.contains(&status) && reason.is_none_or(|text| text.trim().is_empty()) {
        problems.add("reason", Code::ReasonRequired);
        fields.set("reason", Json::Null);
    }
}
