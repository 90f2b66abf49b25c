//! The report as data: the frozen figures, with the ids of the counted records.
//!
//! `docs/MAIL.md` describes the document. Ids are those of the API, for its field `node`; money is in
//! minor units; null is unknown or not measured, which is not 0.

use domain::brief::{Ahead, Blocker, Change, ReportBrief};
use domain::duty::{Subject, Task};
use domain::progress::Stage;
use domain::project::{Owes, RecordRef, State, Titles};
use entities::{BudgetKind, Localized, OutputId, Verb, budget_line, output};
use i18n::Language;
use sea_orm::ActiveEnum;
use serde_json::{Value, json};

use crate::wording::names::Names;

/// The format that this version writes.
const FORMAT: &str = "connection-report/1";

/// The report as a JSON document, with the names of records in a language; titles and labels that are
/// kept by language are given in all of them.
#[must_use]
pub fn json(brief: &ReportBrief<'_>, locale: &str) -> String {
    let (project, names) = (brief.project, Names::new(brief.project, locale));
    let document = json!({
        "format": FORMAT,
        "locale": names.words.tag,
        "project": {
            "key": project.key(),
            "acronym": project.project.acronym,
            "revision": project.revision(),
        },
        "period": { "from": brief.period.0, "to": brief.period.1 },
        "asOf": brief.as_of.day,
        "reconciles": brief.progress.reconciles,
        "figures": figures(brief),
        "changes": brief.changes.iter().map(|one| change(brief, one)).collect::<Vec<_>>(),
        "blockers": brief.blockers.iter().map(|one| blocker(brief, names, one)).collect::<Vec<_>>(),
        "ahead": brief.ahead.iter().map(|one| ahead(brief, one)).collect::<Vec<_>>(),
        "money": money(brief, names),
    });
    format!("{document:#}\n")
}

fn figures(brief: &ReportBrief<'_>) -> Vec<Value> {
    let frozen = brief.freeze();
    let all = brief.lines.iter().zip(frozen);
    all.map(|(line, frozen)| {
        let target = line.figure.target;
        let parts = line.by_community.parts.iter();
        let by_community: Vec<Value> = parts
            .zip(brief.communities())
            .map(|(part, community)| {
                json!({
                    "community": brief.project.community(community).key,
                    "planned": part.planned,
                    "reported": part.reported,
                    "verified": part.verified,
                })
            })
            .collect();
        let rest = &line.by_community.unattributed;
        let counted = line.figure.items_at(Stage::Reported);
        let counted: Vec<String> = counted
            .map(|item| brief.project.node_id(&item.record))
            .collect();
        json!({
            "target": frozen.target,
            "label": target.label,
            "headline": target.headline,
            "unit": target.unit.to_value(),
            "currency": target.currency,
            "value": frozen.value,
            "planned": frozen.planned,
            "reported": frozen.reported,
            "reportedBefore": frozen.reported_before,
            "verified": frozen.verified,
            "measured": line.figure.measured,
            "share": line.figure.share(),
            "status": frozen.status,
            "dueOn": line.figure.due_on,
            "dueByNow": line.figure.due_by_now,
            "missing": line.figure.missing(),
            "counted": counted,
            "rule": { "version": target.rule_version, "text": target.rule.text },
            "partsSumToWhole": target.rule.measure.sums_up(),
            "byCommunity": by_community,
            "unattributed": {
                "planned": rest.planned,
                "reported": rest.reported,
                "verified": rest.verified,
            },
        })
    })
    .collect()
}

/// An output by its id, with the fields that identify it for a reader.
fn output(brief: &ReportBrief<'_>, id: OutputId) -> Value {
    let row = brief.project.output(id);
    let lead = row.lead_id.map(|id| &brief.project.organisation_of(id).key);
    json!({
        "id": brief.project.node_id(&RecordRef::Output(id)),
        "kind": row.kind.to_value(),
        "key": row.key,
        "title": title(brief, row),
        "lead": lead,
    })
}

/// The title by language; where an output has none, the words that stand for it in each language that
/// the product speaks.
fn title(brief: &ReportBrief<'_>, output: &output::Model) -> Localized {
    if !output.title.0.is_empty() {
        return output.title.clone();
    }
    let words = Language::all().iter().map(|language| {
        let titles = Titles::new(brief.project, language.tag);
        (language.tag.to_owned(), titles.words_for(output))
    });
    Localized(words.collect())
}

fn change(brief: &ReportBrief<'_>, change: &Change<'_>) -> Value {
    json!({
        "output": output(brief, change.output),
        "day": change.day,
        "state": state(change.state),
        "moved": change.moved,
        "reason": change.reason,
    })
}

fn state(state: State) -> String {
    match state {
        State::Planned => Verb::Planned,
        State::Confirmed => Verb::Confirmed,
        State::Reported => Verb::Reported,
        State::Verified => Verb::Verified,
        State::Returned => Verb::Returned,
        State::Cancelled => Verb::Cancelled,
    }
    .to_value()
}

fn blocker(brief: &ReportBrief<'_>, names: Names<'_>, blocker: &Blocker<'_>) -> Value {
    let overdue: Vec<Value> = blocker
        .overdue
        .iter()
        .map(|duty| {
            json!({
                "task": task(duty.task),
                "output": duty.output().map(|id| output(brief, id)),
                "target": target(brief, duty.subject),
                "dueOn": duty.day,
                "reason": duty.reason,
                "unplanned": duty.missing,
            })
        })
        .collect();
    let key = |id| &brief.project.organisation_of(id).key;
    json!({
        "partner": blocker.partner.map(key),
        "name": blocker.partner.map(|id| names.partner(id)),
        "overdue": overdue,
    })
}

fn owed(owes: Owes) -> &'static str {
    match owes {
        Owes::Days => "DAYS",
        Owes::Report => "REPORT",
        Owes::Evidence => "EVIDENCE",
    }
}

fn target<'a>(brief: &'a ReportBrief<'_>, subject: Subject) -> Option<&'a str> {
    match subject {
        Subject::Target(id) => Some(&brief.project.target(id).key),
        Subject::Output(_) | Subject::Proposal(_) => None,
    }
}

fn task(task: Task) -> &'static str {
    match task {
        Task::Decide => "DECIDE",
        Task::TellOutcome => "TELL_OUTCOME",
        Task::Report => "REPORT",
        Task::Complete => "COMPLETE",
        Task::Verify => "VERIFY",
        Task::Prepare => "PREPARE",
        Task::Schedule => "SCHEDULE",
        Task::Deliver => "DELIVER",
        Task::AddEvidence => "ADD_EVIDENCE",
        Task::Endorse => "ENDORSE",
        Task::Plan => "PLAN",
    }
}

fn ahead(brief: &ReportBrief<'_>, ahead: &Ahead) -> Value {
    json!({
        "output": output(brief, ahead.output),
        "starts": ahead.starts,
        "ends": ahead.ends,
        "owes": ahead.due.map(|(owes, _)| owed(owes)),
        "dueOn": ahead.due.map(|(_, day)| day),
    })
}

fn money(brief: &ReportBrief<'_>, names: Names<'_>) -> Value {
    let has_amount = |line: &&&budget_line::Model| line.amount_minor.is_some();
    let lines: Vec<Value> = brief
        .money
        .iter()
        .filter(has_amount)
        .map(|line| {
            json!({
                "key": line.key,
                "kind": line.kind.to_value(),
                "label": names.said(&line.translations, "label", &line.label),
                "partner": line.partner_id.map(|id| &brief.project.organisation_of(id).key),
                "amountMinor": line.amount_minor,
                "currency": line.currency,
            })
        })
        .collect();
    let shares = brief
        .money
        .iter()
        .filter(|line| line.kind == BudgetKind::PartnerShare && line.amount_minor.is_none());
    json!({ "lines": lines, "unknownShares": shares.count() })
}
