//! Changing what an output says of itself. What was accepted stays as it was until the output is
//! taken up again.

use entities::*;
use sea_orm::prelude::Uuid;
use serde_json::{Map, Value as Json, json};

use super::{
    Code, Draft, Fields, Problem, Problems, Refusal,
    action::wrong_state,
    change::{Changed, change, check_lists},
    dates::{check_left, due_late, window_outside},
    fields::overlay,
    learning,
    leg::check_host,
    output::{check_leg, warn_of_overlaps},
    plan::check_row,
    policy::check_grant,
};
use crate::{
    project::{AsOf, State},
    record::rows::{self, ChangeKind, Rows},
    record::{Detail, Kind, Names, Output, Participant, Stand},
    viewer::PartyTo,
};

/// Fields that are changed by steps and not by edits, for good or by a command of their own.
const NOT_EDITED: [&str; 4] = ["key", "starts", "ends", "history"];

/// Changes what an output says of itself; what its kind alone says stands in the field of its kind.
///
/// # Errors
/// `WRONG_STATE` where it is verified or cancelled, and anything but its note, what was learned and
/// how far measures are would change, or where it is reported, and its lead would; `WRONG_KIND` where
/// a detail belongs to another kind; `FORBIDDEN` where a grant would change without the coordinator,
/// or what others said; whatever else is wrong, all at once. What an import left wrong is no hindrance
/// until it is touched.
pub fn edit(
    draft: &mut Draft,
    right: &PartyTo,
    output: OutputId,
    mut fields: Fields,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let project = draft.project();
    let old = project.output(output);
    for field in NOT_EDITED {
        fields.take(field);
    }
    take_detail(draft, &mut problems, old, &mut fields);
    keep_hidden(draft, old, &mut fields);
    let learned = project.learnings_of(output);
    learning::fill_list(draft, &mut problems, right.own(), learned, &mut fields);
    let gives_participants = fields.says("participants");
    let Some(Changed { row, .. }) = change::<Output>(draft, &mut problems, old, fields) else {
        return problems.none();
    };
    problems.rename("kind", "");
    problems.nest("policy", check_grant(draft, output));
    learning::check_others(draft, &mut problems, right.own(), output);
    if row.community_id != old.community_id {
        let may = |community| draft.viewer.editor_of(&project, community).is_ok();
        if !may(row.community_id) || !may(old.community_id) {
            problems.add("community", Code::Forbidden);
        }
    }
    let touched = |problem: &Problem| is_touched(&problem.path, old, &row);
    let before = wrong_with(draft, old);
    let mut now = wrong_with(draft, &row);
    now.retain(|problem| touched(problem) || !before.iter().any(|other| other == problem));
    problems.append(now);
    if let Some(exchange) = project.staff_exchange(output)
        && row.days != old.days
        && [row.starts, row.ends]
            .iter()
            .flatten()
            .all(|date| date.day().is_none())
    {
        let full = project.pairing(exchange.pairing_id).days_per_leg;
        check_leg(draft, &mut problems, full, &row, false);
    }
    let outside = window_outside(draft, &row).into_iter();
    for problem in outside.chain(due_late(draft, &row)).filter(touched) {
        draft.warn(problem);
    }
    let travels =
        gives_participants || row.mode != old.mode || row.community_id != old.community_id;
    let is_handed_over = row.lead_id != old.lead_id;
    *super::output::row(draft, output) = row;
    let state = check_closed(draft, &mut problems, output);
    // Whose report it is may be known by its lead alone.
    if state == State::Reported && is_handed_over {
        problems.push(Problem {
            path: "lead".into(),
            ..wrong_state(state)
        });
    }
    problems.none()?;
    if travels {
        warn_of_overlaps(draft, output);
    }
    Ok(())
}

/// Puts what the output's kind alone says in its place under `kind`. A detail of another kind is wrong.
fn take_detail(
    draft: &Draft,
    problems: &mut Problems,
    output: &output::Model,
    fields: &mut Fields,
) {
    let (_, own) = Kind::detail(output.kind);
    for kind in Kind::ALL {
        if let Kind::Output(kind) = kind {
            let (_, field) = Kind::detail(*kind);
            if field != own && fields.take(field).is_some_and(|given| !given.is_null()) {
                problems.add(field, Code::WrongKind);
            }
        }
    }
    let Some(mut given) = fields.take_nested(own) else {
        return;
    };
    // A leg stays the leg that it was planned as.
    for fixed in ["pairing", "leg"] {
        if output.kind == OutputKind::StaffExchange {
            given.take(fixed);
        }
    }
    let before = draft.project();
    let rows = before.rows();
    let old = Output::load(output, rows, &Names::of(rows));
    let Ok(Json::Object(kind)) = serde_json::to_value(&old.kind) else {
        return;
    };
    let detail = kind.get(own).and_then(Json::as_object);
    let mut detail: Map<String, Json> = detail.cloned().unwrap_or_default();
    check_lists(
        draft,
        problems,
        output.id.0,
        Detail::fields(output.kind),
        &detail,
        &given,
    );
    fields.also(given.given());
    overlay(
        &mut detail,
        given.into_values(),
        Detail::fields(output.kind),
    );
    fields.set("kind", json!({ own: detail }));
}

/// Whoever may not see a person cannot name them again, and does not take them away unawares: they
/// stay with their partner's entry, and an entry that names nobody else stays whole.
fn keep_hidden(draft: &Draft, output: &output::Model, fields: &mut Fields) {
    let Some(Json::Array(mut entries)) = fields.take("participants") else {
        return;
    };
    let project = draft.project();
    let names = Names::of(project.rows());
    for old in project.participations_of(output.id) {
        let Some(person) = old.person_id else {
            continue;
        };
        if draft.viewer.may_see_person(&project, person) {
            continue;
        }
        let hidden = Participant::load(old, project.rows(), &names);
        let key = json!(hidden.person);
        let is_alone = hidden.partner.is_none() && hidden.who.is_none();
        let is_theirs = |entry: &&mut Json| {
            entry["person"].is_null()
                && entry["partner"] == json!(hidden.partner)
                && entry["who"] == json!(hidden.who)
        };
        if is_alone {
            entries.push(json!(hidden));
        } else if let Some(entry) = entries.iter_mut().find(is_theirs) {
            entry["person"] = key;
        }
    }
    fields.set("participants", entries);
}

/// What was accepted or called off stays as it is, but for what may follow. Gives the output's state
/// today.
pub(super) fn check_closed(draft: &mut Draft, problems: &mut Problems, output: OutputId) -> State {
    let project = draft.project();
    let standing = project.standing(project.output(output), AsOf::from(draft.today()));
    let state = standing.map_or(State::Planned, |standing| standing.state);
    let is_closed = matches!(state, State::Verified | State::Cancelled);
    let changes = draft.rows.changes_since(project.rows());
    let may_follow = |change: &rows::Change| may_follow(change, project.rows(), &draft.rows);
    if is_closed && !changes.iter().all(may_follow) {
        problems.push(wrong_state(state));
    }
    state
}

/// All that is wrong with an output's own row.
fn wrong_with(draft: &Draft, row: &output::Model) -> Problems {
    let mut problems = Problems::default();
    check_row(draft, &mut problems, row, true);
    check_left(draft, &mut problems, row);
    if let Some(exchange) = draft.project().staff_exchange(row.id) {
        let (pairing, leg) = (exchange.pairing_id, exchange.leg);
        check_host(draft, &mut problems, pairing, leg, row.host_id);
    }
    problems
}

/// Whether an edit changes what a problem of this field is about.
fn is_touched(field: &str, old: &output::Model, new: &output::Model) -> bool {
    match field {
        "title" => old.title != new.title,
        "lead" => old.lead_id != new.lead_id,
        "host" => old.host_id != new.host_id,
        "place" => old.place != new.place,
        "platform" => old.platform != new.platform,
        "note" => old.note != new.note,
        "days" => old.days != new.days,
        "dueOn" => old.due_on != new.due_on,
        "plannedFrom" | "plannedTo" => {
            (old.planned_from, old.planned_to) != (new.planned_from, new.planned_to)
        }
        _ => false,
    }
}

/// The columns that may still change when the output was accepted or called off: a remark, what was
/// learned since, and how far the measures of a plan are. So may their texts in other languages.
const MAY_FOLLOW: [(&str, &[&str]); 3] = [
    ("output", &["note"]),
    ("staff_exchange", &["learned", "adapted"]),
    ("measure", &["state"]),
];

/// What may still be said when the output was accepted or called off. A challenge, an advice or a
/// lesson that was there stays.
fn may_follow(change: &rows::Change, before: &Rows, after: &Rows) -> bool {
    let ChangeKind::Changed(columns) = &change.kind else {
        return change.table == "learning" && change.kind != ChangeKind::Removed;
    };
    if change.table == "learning" {
        return true;
    }
    let mut tables = MAY_FOLLOW.iter();
    let Some((_, open)) = tables.find(|(table, _)| *table == change.table) else {
        return false;
    };
    columns.iter().all(|column| match *column {
        "translations" => {
            let texts = |rows| translations(rows, change.table, change.id).unwrap_or_default();
            let (before, after) = (texts(before), texts(after));
            let mut changed = before.changed_fields(&after);
            changed.all(|field| open.contains(&field))
        }
        column => open.contains(&column),
    })
}

/// The texts in other languages of a row of these tables.
fn translations(rows: &Rows, table: &str, id: Uuid) -> Option<Translations> {
    let texts = match table {
        "output" => {
            let mut rows = rows.outputs.iter();
            rows.find(|row| row.id.0 == id).map(|row| &row.translations)
        }
        "staff_exchange" => {
            let mut rows = rows.staff_exchanges.iter();
            rows.find(|row| row.output_id.0 == id)
                .map(|row| &row.translations)
        }
        _ => {
            let mut rows = rows.measures.iter();
            rows.find(|row| row.id.0 == id).map(|row| &row.translations)
        }
    };
    texts.cloned()
}
