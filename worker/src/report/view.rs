//! The content of a progress report in one language: the same for the mail and for the page.

use std::collections::BTreeSet;

use domain::brief::{Blocker, Line, ReportBrief};
use domain::progress::{self, Figure, Scope, Stage};
use domain::project::{AsOf, Owes, RecordRef};
use entities::BudgetKind;
use serde::Serialize;

use crate::wording::figures::{FigureText, amount, label};
use crate::wording::items::{Item, change_item, cut, due, subject, unplanned};
use crate::wording::names::Names;
use crate::wording::words::{Key, say};

/// The texts of a report.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    pub period: String,
    pub as_of: String,
    pub headline: Vec<Row>,
    pub others: Vec<Row>,
    pub gains: Vec<Gain>,
    /// The columns of the table by community.
    pub communities: Vec<String>,
    pub by_community: Vec<Parts>,
    pub changes: List,
    pub blockers: Vec<Blocking>,
    pub blockers_more: usize,
    pub ahead: List,
    pub money: Vec<Amount>,
    pub unknown_shares: usize,
    pub reconciles: bool,
    /// The rules in words, each with the number that stands beside its figure.
    pub rules: Vec<RuleNote>,
}

/// One target.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub key: String,
    pub shown: FigureText,
    /// The increase of the reported value in the period.
    pub gain: Option<String>,
    /// The number of its footnote.
    pub note: usize,
    /// The records that the reported value counts.
    pub counted: Vec<String>,
}

/// The increase of a figure in the period.
#[derive(Debug, Serialize)]
pub(crate) struct Gain {
    pub label: String,
    pub amount: String,
    pub records: Vec<String>,
    pub more: usize,
}

/// One target by community.
#[derive(Debug, Serialize)]
pub(crate) struct Parts {
    pub label: String,
    /// Reported of planned, in the order of the columns.
    pub parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Part {
    pub community: String,
    pub value: String,
}

/// A list, and how many more items there are.
#[derive(Debug, Serialize)]
pub(crate) struct List {
    pub items: Vec<Item>,
    pub more: usize,
}

/// An organisation with its overdue outputs.
#[derive(Debug, Serialize)]
pub(crate) struct Blocking {
    pub who: String,
    pub count: usize,
    pub items: Vec<Item>,
    pub more: usize,
}

#[derive(Debug, Serialize)]
pub(crate) struct Amount {
    pub label: String,
    pub value: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct RuleNote {
    pub number: usize,
    pub label: String,
    pub text: String,
}

impl View {
    /// The texts of a report; no list is longer than `longest`.
    pub(crate) fn new(brief: &ReportBrief<'_>, locale: &str, longest: usize) -> Self {
        let names = Names::new(brief.project, locale);
        let words = names.words;
        let mut order: Vec<&Line<'_>> = brief.lines.iter().collect();
        order.sort_by_key(|line| !line.figure.target.headline);
        let rows = |headline: bool| {
            let of = |(_, line): &(usize, &&Line<'_>)| line.figure.target.headline == headline;
            let lines = order.iter().enumerate().filter(of);
            lines
                .map(|(at, line)| row(names, brief.as_of, line, at + 1))
                .collect()
        };
        let (blockers, blockers_more) = cut(brief.blockers.iter().collect(), longest);
        let changes = brief
            .changes
            .iter()
            .map(|change| change_item(names, change));
        Self {
            period: words.period(brief.period),
            as_of: words.long_day(brief.as_of.day),
            headline: rows(true),
            others: rows(false),
            gains: gains(names, brief, &order, longest),
            communities: communities(names),
            by_community: order
                .iter()
                .filter(|line| line.figure.target.headline)
                .map(|line| parts(names, line))
                .collect(),
            changes: list(changes.collect(), longest),
            blockers: blockers
                .into_iter()
                .map(|blocker| blocking(names, brief.as_of, blocker, longest))
                .collect(),
            blockers_more,
            ahead: list(ahead(names, brief), longest),
            money: money(names, brief),
            unknown_shares: brief
                .money
                .iter()
                .filter(|line| line.kind == BudgetKind::PartnerShare && line.amount_minor.is_none())
                .count(),
            reconciles: brief.progress.reconciles,
            rules: order
                .iter()
                .enumerate()
                .map(|(at, line)| rule(names, &line.figure, at + 1))
                .collect(),
        }
    }
}

fn list(items: Vec<Item>, longest: usize) -> List {
    let (items, more) = cut(items, longest);
    List { items, more }
}

fn row(names: Names<'_>, as_of: AsOf, line: &Line<'_>, note: usize) -> Row {
    let figure = &line.figure;
    Row {
        key: figure.target.key.clone(),
        shown: FigureText::new(names, figure),
        gain: gain(names, line),
        note,
        counted: figure
            .items_at(Stage::Reported)
            .map(|item| {
                let name = names.record(&item.record, as_of);
                match item.amount {
                    Some(minor) => {
                        let money = amount(names.words, figure.target, Some(minor));
                        format!("{name}: {money}")
                    }
                    None => name,
                }
            })
            .collect(),
    }
}

/// "+2"; `None` if nothing changed or nothing is measured.
fn gain(names: Names<'_>, line: &Line<'_>) -> Option<String> {
    let (now, before) = (line.figure.reported?, line.before?);
    let target = line.figure.target;
    match now - before {
        0 => None,
        more if more > 0 => Some(format!("+{}", amount(names.words, target, Some(more)))),
        less => Some(amount(names.words, target, Some(less))),
    }
}

fn gains(
    names: Names<'_>,
    brief: &ReportBrief<'_>,
    order: &[&Line<'_>],
    longest: usize,
) -> Vec<Gain> {
    let eve = AsOf {
        day: brief.period.0.pred_opt().unwrap_or(brief.period.0),
        ..brief.as_of
    };
    let new_records = |line: &&Line<'_>| {
        let target = line.figure.target;
        let amount = gain(names, line)?;
        let before = progress::figure(brief.project, target, eve, Scope::Project);
        let before: BTreeSet<&RecordRef> = before
            .items_at(Stage::Reported)
            .map(|item| &item.record)
            .collect();
        let new = line.figure.items_at(Stage::Reported);
        let new = new.filter(|item| !before.contains(&item.record));
        let records = new.map(|item| names.record(&item.record, brief.as_of));
        let (records, more) = cut(records.collect(), longest);
        Some(Gain {
            label: label(names, target),
            amount,
            records,
            more,
        })
    };
    order.iter().filter_map(new_records).collect()
}

fn communities(names: Names<'_>) -> Vec<String> {
    let rows = &names.project.communities;
    let mut columns: Vec<String> = rows
        .iter()
        .map(|community| names.community_short(community.id))
        .collect();
    columns.push(say!(names.words, Key("no-community")));
    columns
}

fn parts(names: Names<'_>, line: &Line<'_>) -> Parts {
    let target = line.figure.target;
    let columns = communities(names);
    let value = |part: &Figure<'_>| match (part.reported, part.planned) {
        (None, _) | (_, None) => "–".to_owned(),
        (Some(0), Some(0)) => "·".to_owned(),
        (Some(_), Some(_)) => {
            let reported = amount(names.words, target, part.reported);
            let planned = amount(names.words, target, part.planned);
            format!("{reported}/{planned}")
        }
    };
    let all = line.by_community.parts.iter();
    let all = all.chain(std::iter::once(&line.by_community.unattributed));
    let parts = all.zip(columns).map(|(part, community)| Part {
        community,
        value: value(part),
    });
    Parts {
        label: label(names, target),
        parts: parts.collect(),
    }
}

fn blocking(names: Names<'_>, as_of: AsOf, blocker: &Blocker<'_>, longest: usize) -> Blocking {
    let item = |duty: &domain::duty::Duty<'_>| Item {
        what: subject(names, duty.subject),
        text: match duty.missing {
            Some(missing) => unplanned(names, duty.subject, missing),
            None => due(names, duty.day, as_of.day),
        },
        link: None,
    };
    let (items, more) = cut(blocker.overdue.iter().map(item).collect(), longest);
    let who = match blocker.partner {
        Some(partner) => names.partner(partner).to_owned(),
        None => say!(names.words, Key("nobody")),
    };
    Blocking {
        who,
        count: blocker.count(),
        items,
        more,
    }
}

fn ahead(names: Names<'_>, brief: &ReportBrief<'_>) -> Vec<Item> {
    let item = |one: &domain::brief::Ahead| {
        let output = names.project.output(one.output);
        Item {
            what: names.output(output),
            text: match (one.starts, one.due) {
                (Some(starts), _) => names.words.span(starts, one.ends),
                (None, Some((Owes::Days, day))) => {
                    say!(names.words, Key("days-due"), day = names.words.day(day))
                }
                (None, Some((_, day))) => due(names, day, brief.as_of.day),
                (None, None) => String::new(),
            },
            link: None,
        }
    };
    brief.ahead.iter().map(item).collect()
}

/// The budget lines whose amount is given.
fn money(names: Names<'_>, brief: &ReportBrief<'_>) -> Vec<Amount> {
    let amount = |line: &&entities::budget_line::Model| {
        let minor = line.amount_minor?;
        Some(Amount {
            label: names
                .said(&line.translations, "label", &line.label)
                .to_owned(),
            value: names.words.money(minor, &line.currency),
        })
    };
    brief.money.iter().filter_map(amount).collect()
}

fn rule(names: Names<'_>, figure: &Figure<'_>, number: usize) -> RuleNote {
    let target = figure.target;
    let text = target
        .rule
        .text
        .get(names.words.tag, names.project.default_locale());
    RuleNote {
        number,
        label: label(names, target),
        text: text.unwrap_or_default().to_owned(),
    }
}
