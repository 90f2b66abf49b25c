//! What a city takes up of the advice that it was given, and where.

use entities::*;
use sea_orm::prelude::Uuid;
use serde_json::json;

use super::{
    Code, Draft, Fields, Problem, Problems, Refusal, change::change, edit::check_closed,
    entry::at_version,
};
use crate::{
    project::Project,
    record::{Learning, rows::children},
    viewer::{Denied, VoiceOn},
};

/// Says of an advice whether the city takes it up, and where: in a measure of a plan, in a policy, or
/// nowhere, with why.
///
/// # Errors
/// `Forbidden` unless the advice is for the viewer's own partner, or the viewer speaks for all;
/// `WRONG_KIND` unless it is an advice; `CONFLICT` where it is not at the version that the client read;
/// what is wrong with the place that it names.
pub fn mark(
    draft: &mut Draft,
    right: &VoiceOn,
    id: Uuid,
    version: Option<&str>,
    mut fields: Fields,
) -> Result<(), Refusal> {
    let old = at_version::<Learning>(draft, id, None)?;
    let project = draft.project();
    let city = project.challenge_of(&old).and_then(Project::poser_of);
    let city = old.for_id.or(city);
    if let Some(own) = right.own()
        && !city.is_some_and(|city| own.contains(&city))
    {
        return Err(Denied::Forbidden.into());
    }
    if old.kind != LearningKind::Advice {
        return Err(Problem::new("id", Code::WrongKind).into());
    }
    let old = at_version::<Learning>(draft, id, version)?;
    // What is said of an advice takes the place of what was said of it before.
    for field in ["plan", "measure", "policy", "uptakeReason", "uptakeSince"] {
        if !fields.says(field) {
            fields.set(field, serde_json::Value::Null);
        }
    }
    if fields.text("uptake").is_some() {
        fields.set_default("uptakeSince", json!(draft.today()));
    }
    let mut problems = Problems::default();
    let Some(changed) = change::<Learning>(draft, &mut problems, &old, fields) else {
        return problems.none();
    };
    check_place(draft, &mut problems, &changed.row, city);
    let mut rows = draft.rows.learnings.iter_mut();
    if let Some(row) = rows.find(|row| row.id.0 == id) {
        *row = changed.row;
    }
    check_closed(draft, &mut problems, old.output_id);
    problems.none()
}

/// A plan and a policy are the city's own, and the measure is one of the plan.
fn check_place(
    draft: &Draft,
    problems: &mut Problems,
    row: &learning::Model,
    city: Option<PartnerId>,
) {
    for (field, place) in [("plan", row.plan_id), ("policy", row.policy_id)] {
        let mut outputs = draft.rows.outputs.iter();
        let output = outputs.find(|output| Some(output.id) == place);
        let lead = output.and_then(|output| output.lead_id);
        if lead.is_some() && city.is_some() && lead != city {
            problems.add(field, Code::Forbidden);
        }
    }
    if let (Some(plan), Some(title)) = (row.plan_id, &row.measure) {
        let mut measures = children(&draft.rows.measures, plan).iter();
        if !measures.any(|measure| measure.title == *title) {
            problems.push(Problem::new("measure", Code::NotFound).with(title));
        }
    }
}
