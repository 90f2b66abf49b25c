//! What was promised to the funder, and the rule that counts towards it. The rule is data with a
//! version, which rises with every change of what is promised or how it is counted.

use entities::*;
use serde_json::json;

use super::{
    Code, Draft, Fields, Named, Problem, Problems, Refusal,
    change::change,
    check,
    draft::{next_place, notes_about},
};
use crate::{
    record::{Names, Part, Stand, Target},
    viewer::CoordinatorOf,
};

/// The records that a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    Output,
    Partner,
    Community,
    BudgetLine,
    ProjectMonth,
}

/// What is counted, and by what it is narrowed.
#[derive(Clone, Debug)]
pub struct NewCounted {
    pub records: Records,
    pub output_kind: Option<OutputKind>,
    pub event_kinds: Vec<EventKind>,
    pub partner_kinds: Vec<PartnerKind>,
    pub budget_kinds: Vec<BudgetKind>,
    pub partner: Option<Named>,
}

/// A counting rule.
#[derive(Clone, Debug)]
pub struct NewRule {
    pub measure: Measure,
    pub of: Option<NewCounted>,
    pub evidence: Vec<EvidenceKind>,
    /// Whether an action plan needs an endorsement.
    pub endorsement: bool,
    pub text: Localized,
}

/// Promises something.
///
/// # Errors
/// All that is wrong with it at once.
pub fn create(
    draft: &mut Draft,
    _: &CoordinatorOf,
    mut fields: Fields,
    new_rule: NewRule,
) -> Result<TargetId, Refusal> {
    let mut problems = fields.problems();
    let counting = rule(draft, &mut problems, new_rule);
    fields.set("rule", json!(counting));
    let position = next_place(draft.rows.targets.iter().map(|row| row.position));
    let Some(target) = fields.into_record::<Target>(&mut problems) else {
        return problems.none().map(|()| TargetId::default());
    };
    let id: TargetId = draft.new_id("target").into();
    let mut row = target::Model::default();
    Target::put(&mut row, id.into(), draft.id(), draft.id().into(), position);
    target.store(&mut row, &Names::of(&draft.rows));
    if draft.rows.targets.iter().any(|other| other.key == row.key) {
        problems.add("key", Code::Taken);
    }
    problems.append(check::record(draft, None, &target));
    problems.none()?;
    draft.rows.targets.push(row);
    Ok(id)
}

/// Changes what was promised, or how it is counted. Its key stays; what it was before is in the
/// audit.
///
/// # Errors
/// All that is wrong with it at once.
pub fn edit(
    draft: &mut Draft,
    _: &CoordinatorOf,
    id: TargetId,
    mut fields: Fields,
    new_rule: Option<NewRule>,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let project = draft.project();
    let old = project.target(id);
    for fixed in ["key", "ruleVersion"] {
        fields.take(fixed);
    }
    if let Some(new) = new_rule {
        let counting = rule(draft, &mut problems, new);
        fields.set("rule", json!(counting));
    }
    if let Some(changed) = change::<Target>(draft, &mut problems, old, fields) {
        let mut row = changed.row;
        if (row.value, row.unit, &row.rule) != (old.value, old.unit, &old.rule) {
            row.rule_version += 1;
        }
        for place in &mut draft.rows.targets {
            if place.id == id {
                *place = row;
                break;
            }
        }
    }
    problems.none()
}

/// Takes a promise back. What it was is in the audit and in the reports that told of it.
///
/// # Errors
/// `IN_USE` where a note is about it.
pub fn remove(draft: &mut Draft, _: &CoordinatorOf, id: TargetId) -> Result<(), Refusal> {
    let project = draft.project();
    let key = &project.target(id).key;
    let notes = notes_about(draft, &format!("target:{key}"));
    if !notes.is_empty() {
        return Err(Problem::new("id", Code::InUse)
            .with(notes.join(", "))
            .into());
    }
    draft.rows.targets.retain(|row| row.id != id);
    Ok(())
}

/// The rule of an input.
fn rule(draft: &Draft, problems: &mut Problems, new: NewRule) -> Rule {
    Rule {
        measure: new.measure,
        of: new.of.and_then(|of| counted(draft, problems, of)),
        evidence: new.evidence,
        endorsement: new.endorsement,
        text: new.text,
    }
}

fn counted(draft: &Draft, problems: &mut Problems, new: NewCounted) -> Option<Counted> {
    let records = new.records;
    let is_event = new.output_kind == Some(OutputKind::Event);
    let strange = [
        (
            "outputKind",
            new.output_kind.is_some() && records != Records::Output,
        ),
        ("eventKinds", !new.event_kinds.is_empty() && !is_event),
        (
            "partnerKinds",
            !new.partner_kinds.is_empty() && records != Records::Partner,
        ),
        (
            "budgetKinds",
            !new.budget_kinds.is_empty() && records != Records::BudgetLine,
        ),
        (
            "partner",
            new.partner.is_some() && records != Records::BudgetLine,
        ),
    ];
    for (field, is_strange) in strange {
        if is_strange {
            problems.push(Problem::new(format!("rule.of.{field}"), Code::NotARule).with(field));
        }
    }
    let mut required = |field: &str, is_there: bool| {
        if !is_there {
            problems.add(format!("rule.of.{field}"), Code::Required);
        }
        is_there
    };
    match records {
        Records::Output => {
            required("outputKind", new.output_kind.is_some());
            Some(Counted::Output {
                kind: new.output_kind?,
                event_kinds: new.event_kinds,
            })
        }
        Records::Partner => {
            required("partnerKinds", !new.partner_kinds.is_empty()).then_some(Counted::Partner {
                kinds: new.partner_kinds,
            })
        }
        Records::Community => Some(Counted::Community {}),
        Records::BudgetLine => {
            let is_there = required("budgetKinds", !new.budget_kinds.is_empty());
            let partner = new
                .partner
                .and_then(|named| problems.take(draft.partner("rule.of.partner", &named)))
                .and_then(|id| organisation_key(draft, id));
            is_there.then_some(Counted::BudgetLine {
                kinds: new.budget_kinds,
                partner,
            })
        }
        Records::ProjectMonth => Some(Counted::ProjectMonth {}),
    }
}

fn organisation_key(draft: &Draft, partner: PartnerId) -> Option<String> {
    let mut partners = draft.rows.partners.iter();
    let id = partners.find(|row| row.id == partner)?.organisation_id;
    let mut organisations = draft.rows.organisations.iter();
    let found = organisations.find(|row| row.id == id)?;
    Some(found.key.clone())
}
