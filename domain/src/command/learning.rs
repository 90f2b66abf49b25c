//! Who says a challenge, an advice or a lesson: a city speaks for itself, and leaves what others
//! said as it is.

use entities::*;
use serde_json::{Value as Json, json};

use super::{Code, Draft, Fields, Problems, fields::object, own::fill};
use crate::{
    record::{Learning, Names, Stand as _, rows::children},
    viewer::{Denied, VoiceOn},
};

/// What a list of learning that is given anew does not say of the entries that it knows again: the
/// city's own word on a challenge, and on an advice.
const KEPT: [&str; 8] = [
    "outcome",
    "outcomeSince",
    "uptake",
    "plan",
    "measure",
    "policy",
    "uptakeReason",
    "uptakeSince",
];

/// Fills in for whom an entry is said, and refuses what is not theirs to say.
///
/// # Errors
/// `Forbidden` where others wrote the entry.
pub(super) fn allow(
    draft: &Draft,
    right: &VoiceOn,
    problems: &mut Problems,
    old: Option<&learning::Model>,
    fields: &mut Fields,
) -> Result<(), Denied> {
    let Some(own) = right.own() else {
        return Ok(());
    };
    let names = Names::of(&draft.rows);
    match old {
        None => say(fields, problems, own, &names),
        Some(old) => {
            may_rewrite(right, old)?;
            resay(fields, problems, own, old, &names);
        }
    }
    Ok(())
}

/// Whether an entry is the viewer's to change or take away: their own; for a party, also one of
/// which nobody knows who said it.
///
/// # Errors
/// `Forbidden`.
pub(super) fn may_rewrite(right: &VoiceOn, row: &learning::Model) -> Result<(), Denied> {
    let Some(own) = right.own() else {
        return Ok(());
    };
    let may = author(row).map_or(right.is_party(), |partner| own.contains(&partner));
    match may {
        true => Ok(()),
        false => Err(Denied::Forbidden),
    }
}

/// Fills in for whom the entries of a new list are said. An entry that is known again by its body, and
/// of which the list does not say who said it, is still whose it was.
pub(super) fn fill_list(
    draft: &Draft,
    problems: &mut Problems,
    own: Option<&[PartnerId]>,
    old: &[learning::Model],
    fields: &mut Fields,
) {
    let Some(Json::Array(mut entries)) = fields.take("learning") else {
        return;
    };
    let names = Names::of(&draft.rows);
    let before = draft.project();
    let mut left: Vec<_> = old.iter().collect();
    for (at, entry) in entries.iter_mut().enumerate() {
        let known = left.iter().position(|old| entry["body"] == old.body);
        let known = known.map(|at| left.remove(at));
        if let Some(by) = known.and_then(|old| old.by_id)
            && entry["by"].is_null()
        {
            entry["by"] = json!(names.key_of(by.0));
        }
        if let Some(old) = known {
            let old = object(&Learning::load(old, before.rows(), &names));
            for field in KEPT {
                if entry[field].is_null() && old.contains_key(field) {
                    entry[field] = old[field].clone();
                }
            }
        }
        let (Some(own), Json::Object(said)) = (own, &*entry) else {
            continue;
        };
        let mut said = Fields::new(said.clone());
        let mut wrong = Problems::default();
        match known {
            None => say(&mut said, &mut wrong, own, &names),
            Some(old) if author(old).is_some_and(|partner| own.contains(&partner)) => {
                resay(&mut said, &mut wrong, own, old, &names);
            }
            Some(_) => {}
        }
        *entry = said.into_values().into();
        problems.nest(&format!("learning.{at}"), wrong);
    }
    fields.set("learning", entries);
}

/// What others said is still there, as they said it.
pub(super) fn check_others(
    draft: &Draft,
    problems: &mut Problems,
    own: Option<&[PartnerId]>,
    output: OutputId,
) {
    let Some(own) = own else {
        return;
    };
    let project = draft.project();
    let now = children(&draft.rows.learnings, output);
    let stays = |old: &learning::Model| {
        let place = |row: &learning::Model| learning::Model {
            position: old.position,
            ..row.clone()
        };
        now.iter().any(|row| place(row) == *old)
    };
    let mut others = project.learnings_of(output).iter().filter(|row| {
        let author = author(row);
        author.is_some_and(|partner| !own.contains(&partner))
    });
    if !others.all(stays) {
        problems.add("learning", Code::Forbidden);
    }
}

/// Who said an entry, as far as that is known; a challenge is said by whose it is.
fn author(row: &learning::Model) -> Option<PartnerId> {
    let asked = row.for_id.filter(|_| row.kind == LearningKind::Challenge);
    row.by_id.or(asked)
}

fn say(fields: &mut Fields, problems: &mut Problems, own: &[PartnerId], names: &Names) {
    if let Some(by) = fill(fields, problems, "by", own, names)
        && !kind(fields).is_some_and(is_said_to)
    {
        fill(fields, problems, "partner", &[by], names);
    }
}

/// As [`say`], of what stands there: nobody takes their name off it.
fn resay(
    fields: &mut Fields,
    problems: &mut Problems,
    own: &[PartnerId],
    old: &learning::Model,
    names: &Names,
) {
    let mut by = author(old);
    if fields.text("by").is_some() {
        by = fill(fields, problems, "by", own, names);
    } else {
        fields.take("by");
    }
    let is_said_to = is_said_to(kind(fields).unwrap_or(old.kind));
    let is_touched = fields.says("partner") || fields.says("kind");
    if let Some(by) = by
        && is_touched
        && !is_said_to
    {
        fill(fields, problems, "partner", &[by], names);
    } else if by.is_none() && !is_said_to && fields.text("partner").is_some() {
        fill(fields, problems, "partner", own, names);
    }
}

/// Whether an entry is said to another partner: a question and an advice are, a challenge and a lesson are
/// one's own.
fn is_said_to(kind: LearningKind) -> bool {
    matches!(kind, LearningKind::Advice | LearningKind::Question)
}

fn kind(fields: &Fields) -> Option<LearningKind> {
    serde_json::from_value(fields.get("kind")?.clone()).ok()
}

/// What the entries of an output say of each other.
pub(super) fn check_among(draft: &Draft, problems: &mut Problems, output: OutputId) {
    let names = Names::of(&draft.rows);
    let all = children(&draft.rows.learnings, output).iter();
    let all: Vec<_> = all
        .map(|row| Learning::load(row, &draft.rows, &names))
        .collect();
    let wrong = (0..).zip(&all);
    for problem in wrong.filter_map(|(at, one)| one.wrong_among(&all, at)) {
        problems.push(problem);
    }
}

/// An outcome is known from the day on which it is said.
pub(super) fn date_outcome(fields: &mut Fields, today: chrono::NaiveDate) {
    if fields.text("outcome").is_some() {
        fields.set_default("outcomeSince", json!(today));
    } else if fields.says("outcome") {
        fields.set("outcomeSince", Json::Null);
    }
}
