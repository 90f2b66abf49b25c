//! The report as a table (RFC 4180, UTF-8): one row for each target and scope.

use std::iter::once;

use domain::brief::{ReportBrief, status_code};
use domain::progress::{Figure, Scope};
use sea_orm::ActiveEnum;

use super::view::sums_up;
use crate::mail::figures::label;
use crate::mail::things::Names;

/// `parts_sum_to_whole` says whether the rows of the communities sum to that of the project.
const HEADER: [&str; 14] = [
    "target",
    "label",
    "unit",
    "currency",
    "scope",
    "goal",
    "planned",
    "reported",
    "verified",
    "measured",
    "share",
    "status",
    "due",
    "parts_sum_to_whole",
];

/// The figures as they stood at the end of the period. What is not known or not measured is an
/// empty cell, never 0; money is in minor units; a share is a fraction.
#[must_use]
pub fn csv(brief: &ReportBrief<'_>) -> String {
    let names = Names::new(brief.project, brief.project.default_locale());
    let mut table = line(&HEADER.map(str::to_owned));
    for of in &brief.lines {
        let parts = of.by_community.parts.iter();
        let all = once(&of.figure)
            .chain(parts)
            .chain(once(&of.by_community.unattributed));
        for figure in all {
            table.push_str(&line(&row(names, figure)));
        }
    }
    table
}

fn row(names: Names<'_>, figure: &Figure<'_>) -> [String; 14] {
    let target = figure.target;
    let whole = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let share = figure.share().filter(|_| figure.measured != Some(0));
    [
        target.key.clone(),
        label(names, target),
        target.unit.to_value(),
        target.currency.clone().unwrap_or_default(),
        scope(names, figure.scope),
        whole(figure.goal),
        whole(figure.planned),
        whole(figure.reported),
        whole(figure.verified),
        whole(figure.measured),
        share.map(|share| format!("{share:.4}")).unwrap_or_default(),
        figure
            .status
            .map(status_code)
            .unwrap_or_default()
            .to_owned(),
        figure.due_on.to_string(),
        sums_up(target.rule.measure).to_string(),
    ]
}

fn scope(names: Names<'_>, scope: Scope) -> String {
    let project = names.project;
    match scope {
        Scope::Project => "project".to_owned(),
        Scope::Community(id) => format!("community:{}", project.community(id).key),
        Scope::NoCommunity => "unattributed".to_owned(),
        Scope::Partner(id) => format!("partner:{}", project.organisation_of(id).key),
        Scope::NoPartner => "no partner".to_owned(),
    }
}

fn line(cells: &[String; 14]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    let text = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(cell("-2"), "-2");
        assert_eq!(cell("-cmd|' /C calc'!A0"), "'-cmd|' /C calc'!A0");
        assert_eq!(cell("+x, \"y\""), "\"'+x, \"\"y\"\"\"");
    }

    #[test]
    fn only_what_needs_quotes_is_quoted() {
        assert_eq!(cell("a b"), "a b");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("a\nb"), "\"a\nb\"");
    }
}
