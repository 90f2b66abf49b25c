//! Figures as texts: numbers with units, shares, bars.

use domain::brief::status_code;
use domain::progress::{Figure, Status};
use entities::{Measure, Unit, target};
use serde::Serialize;

use super::names::Names;
use super::words::{Key, Words, say};

/// A figure in words, with the values of its bar.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FigureText {
    pub label: String,
    /// "5 of 14"; "not measured" if nothing is counted.
    pub value: String,
    pub percent: Option<String>,
    /// The width of the bar in percent, 0 to 100; `None` if there is no share.
    pub width: Option<u8>,
    pub status: Option<String>,
    /// Why it is at risk.
    pub reason: Option<String>,
    pub colour: &'static str,
    pub planned: String,
    pub reported: String,
    pub verified: String,
    pub goal: String,
    pub measured: bool,
    pub due: String,
    /// A bar for plain text.
    pub strip: String,
}

impl FigureText {
    pub(crate) fn new(names: Names<'_>, figure: &Figure<'_>) -> Self {
        let (words, target) = (names.words, figure.target);
        let share = figure.share().filter(|_| figure.measured != Some(0));
        let width = share.map(percentage);
        Self {
            label: label(names, target),
            value: value(words, figure),
            percent: share.map(|share| words.percent(share)),
            width,
            status: figure.status.map(|status| say!(words, status_key(status))),
            reason: (figure.status == Some(Status::AtRisk)).then(|| reason(words, figure)),
            colour: colour(figure.status),
            planned: amount(words, target, figure.planned),
            reported: if figure.measured.is_some() {
                value(words, figure)
            } else {
                amount(words, target, figure.reported)
            },
            verified: amount(words, target, figure.verified),
            goal: goal(words, target),
            measured: figure.reported.is_some(),
            due: words.day(figure.due_on),
            strip: strip(width.unwrap_or_default()),
        }
    }
}

/// The name of a target.
pub(crate) fn label(names: Names<'_>, target: &target::Model) -> String {
    let label = target
        .label
        .get(names.words.tag, names.project.default_locale());
    label.unwrap_or(&target.key).to_owned()
}

/// The reported value of the goal; for a norm, of the measured records.
pub(crate) fn value(words: Words, figure: &Figure<'_>) -> String {
    let target = figure.target;
    let Some(reported) = figure.reported else {
        return absent(words, target);
    };
    if let Some(measured) = figure.measured {
        return if measured == 0 {
            say!(words, Key("norm-nothing-measured"))
        } else {
            let reported = words.number(reported);
            say!(
                words,
                Key("norm-met"),
                met = reported,
                measured = words.number(measured)
            )
        };
    }
    let reported = amount(words, target, Some(reported));
    match figure.goal.filter(|_| !figure.is_stated()) {
        Some(goal) => say!(
            words,
            Key("of-goal"),
            reported = reported,
            goal = amount(words, target, Some(goal)),
        ),
        None => reported,
    }
}

/// A value in the unit of a target.
pub(crate) fn amount(words: Words, target: &target::Model, number: Option<i64>) -> String {
    match (number, target.unit, &target.currency) {
        (None, ..) => absent(words, target),
        (Some(number), Unit::Money, Some(currency)) => words.money(number, currency),
        (Some(number), ..) => words.number(number),
    }
}

/// The promised value of a target.
fn goal(words: Words, target: &target::Model) -> String {
    let goal = amount(words, target, Some(target.value));
    match target.rule.measure {
        Measure::NormDays => say!(words, Key("norm-of-days"), days = goal),
        _ => goal,
    }
}

fn absent(words: Words, target: &target::Model) -> String {
    match target.rule.measure {
        Measure::SumAmount => say!(words, Key("no-amount-known")),
        _ => say!(words, Key("not-measured")),
    }
}

/// The status in words.
fn reason(words: Words, figure: &Figure<'_>) -> String {
    let (target, risk) = (figure.target, figure.risk());
    let number = |number| amount(words, target, Some(number));
    let missing = risk.missing.zip(figure.goal);
    let reason = i18n::Reason {
        status: figure.status.map_or("", status_code),
        overdue: risk.overdue,
        unbegun: risk.unbegun,
        missing: missing.map(|(missing, goal)| (number(missing), number(goal))),
        plan_by_percent: target.plan_by_percent,
    };
    reason.words(words.tag)
}

pub(crate) fn status_key(status: Status) -> Key {
    match status {
        Status::Met => Key("status-met"),
        Status::OnTrack => Key("status-on-track"),
        Status::AtRisk => Key("status-at-risk"),
        Status::Late => Key("status-late"),
    }
}

/// A colour dark enough for text on white.
pub(crate) fn colour(status: Option<Status>) -> &'static str {
    match status {
        Some(Status::Met) => "#1a7040",
        Some(Status::OnTrack) => "#0b5cad",
        Some(Status::AtRisk) => "#915800",
        Some(Status::Late) => "#b42318",
        None => "#4b5a67",
    }
}

/// A share in percent, for a bar that ends at 100.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 100"
)]
fn percentage(share: f64) -> u8 {
    (share * 100.0).clamp(0.0, 100.0).round() as u8
}

fn strip(width: u8) -> String {
    let full = usize::from(width).div_ceil(5);
    format!("[{}{}]", "#".repeat(full), ".".repeat(20 - full))
}
