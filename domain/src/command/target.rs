//! What was promised to the funder, and the rule that counts towards it. The rule is data with a
//! version, which rises with every change of what is promised or how it is counted.

use chrono::NaiveDate;
use entities::*;

use super::{
    Code, Draft, Named, Problem, Problems, Refusal, check,
    draft::{next_place, notes_about},
    project::put,
};
use crate::{record::Target, viewer::CoordinatorOf};

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
    pub text: Localized,
}

/// A target to be.
#[derive(Clone, Debug)]
pub struct NewTarget {
    pub key: String,
    pub label: Localized,
    pub unit: Unit,
    pub value: i64,
    pub currency: Option<String>,
    pub headline: bool,
    pub due_on: Option<NaiveDate>,
    pub rule: NewRule,
    pub note: Option<String>,
}

/// Promises something.
///
/// # Errors
/// All that is wrong with it at once.
pub fn create(draft: &mut Draft, _: &CoordinatorOf, new: NewTarget) -> Result<TargetId, Refusal> {
    let mut problems = Problems::default();
    let id: TargetId = draft.new_id("target").into();
    let row = target::Model {
        id,
        project_id: draft.id(),
        key: new.key,
        position: next_place(draft.rows.targets.iter().map(|row| row.position)),
        label: new.label,
        unit: new.unit,
        value: new.value,
        currency: new.currency,
        headline: new.headline,
        due_on: new.due_on,
        rule: rule(draft, &mut problems, new.rule),
        rule_version: 1,
        stated: None,
        stated_sources: Strings::default(),
        note: new.note,
        basis: Basis::default(),
        sources: Strings::default(),
    };
    check_row(draft, &mut problems, None, &row);
    problems.none()?;
    draft.rows.targets.push(row);
    Ok(id)
}

/// What is changed of a target.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub label: Option<Localized>,
    pub unit: Option<Unit>,
    pub value: Option<i64>,
    pub currency: Option<Option<String>>,
    pub headline: Option<bool>,
    pub due_on: Option<Option<NaiveDate>>,
    pub rule: Option<NewRule>,
    pub note: Option<Option<String>>,
}

/// Changes what was promised, or how it is counted. Its key stays; what it was before is in the
/// audit.
///
/// # Errors
/// All that is wrong with it at once.
pub fn edit(draft: &mut Draft, _: &CoordinatorOf, id: TargetId, edit: Edit) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let project = draft.project();
    let old = project.target(id);
    let mut row = old.clone();
    put(&mut row.label, edit.label);
    put(&mut row.unit, edit.unit);
    put(&mut row.value, edit.value);
    put(&mut row.currency, edit.currency);
    put(&mut row.headline, edit.headline);
    put(&mut row.due_on, edit.due_on);
    put(&mut row.note, edit.note);
    if let Some(new) = edit.rule {
        row.rule = rule(draft, &mut problems, new);
    }
    if (row.value, row.unit, &row.rule) != (old.value, old.unit, &old.rule) {
        row.rule_version += 1;
    }
    if row.value != old.value {
        row.basis.0.remove("value");
    }
    check_row(draft, &mut problems, Some(old), &row);
    problems.none()?;
    for place in &mut draft.rows.targets {
        if place.id == id {
            *place = row;
            break;
        }
    }
    Ok(())
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

fn check_row(
    draft: &mut Draft,
    problems: &mut Problems,
    old: Option<&target::Model>,
    row: &target::Model,
) {
    let mut others = draft.rows.targets.iter();
    if others.any(|other| other.id != row.id && other.key == row.key) {
        problems.add("key", Code::Taken);
    }
    problems.append(check::record::<Target>(draft, old, row));
}

/// The rule of an input.
fn rule(draft: &Draft, problems: &mut Problems, new: NewRule) -> Rule {
    Rule {
        measure: new.measure,
        of: new.of.and_then(|of| counted(draft, problems, of)),
        evidence: new.evidence,
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
