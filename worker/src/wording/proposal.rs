//! Proposals in words: what is proposed, by whom and why.

use domain::project::Project;
use entities::{PartialDate, ProposalId, ProposalKind, ProposedChange, proposal};
use serde_json::Value;

use super::names::Names;
use super::words::{Key, say, sentence};

/// What a proposal is about.
pub(crate) fn what(names: Names<'_>, id: ProposalId) -> String {
    let words = names.words;
    let Some(row) = row(names.project, id) else {
        return String::new();
    };
    let about = match (row.kind, row.output_id) {
        (ProposalKind::Dates, Some(output)) => names.output(names.project.output(output)),
        (ProposalKind::Programme, _) => {
            let programme = &names.project.programme;
            let fallback = names.project.default_locale();
            let name = programme.name.get(words.tag, fallback);
            let name = name.unwrap_or(&programme.key);
            say!(words, Key("proposed-programme"), what = name)
        }
        (ProposalKind::Organisation, _) => {
            let mut all = names.project.organisations.iter();
            let organisation = all.find(|one| Some(one.id.0) == row.record_id);
            organisation.map_or_else(String::new, |one| names.organisation(one.id).to_owned())
        }
        _ => say!(words, Key("proposed-person")),
    };
    let key = match row.kind {
        ProposalKind::Dates => Key("proposed-dates"),
        _ if row.changes.0.is_empty() => Key("proposed-showing"),
        _ => Key("proposed-change"),
    };
    say!(words, key, what = about.as_str())
}

/// What it would change, by whom and why.
pub(crate) fn sentences(names: Names<'_>, id: ProposalId) -> Vec<String> {
    let words = names.words;
    let Some(row) = row(names.project, id) else {
        return Vec::new();
    };
    if let Some(starts) = row.starts {
        return vec![dates(names, row, starts)];
    }
    let mut sentences = Vec::new();
    let fields = row.changes.0.iter();
    let fields: Vec<_> = fields.map(|change| field(row.kind, change)).collect();
    if !fields.is_empty() {
        let fields = fields.join("; ");
        sentences.push(say!(
            words,
            Key("proposed-fields"),
            fields = fields.as_str()
        ));
    }
    sentences.extend(Some(sentence(&row.reason)).filter(|reason| !reason.is_empty()));
    sentences
}

fn dates(names: Names<'_>, row: &proposal::Model, starts: PartialDate) -> String {
    let words = names.words;
    let dates = words.span(starts, row.ends);
    let reason = sentence(&row.reason);
    match row.by_id {
        Some(by) => say!(
            words,
            Key("proposed-by"),
            who = names.partner(by),
            dates = dates,
            reason = reason
        ),
        None => say!(
            words,
            Key("proposed-dates-only"),
            dates = dates,
            reason = reason
        ),
    }
}

/// A field and what it would say; of a person only which field.
fn field(kind: ProposalKind, change: &ProposedChange) -> String {
    let field = &change.field;
    match &change.to {
        _ if kind == ProposalKind::Person => field.clone(),
        Value::String(text) => format!("{field}: {text}"),
        Value::Null => format!("{field}: –"),
        other => format!("{field}: {other}"),
    }
}

fn row(project: &Project, id: ProposalId) -> Option<&proposal::Model> {
    project.proposals.iter().find(|row| row.id == id)
}
