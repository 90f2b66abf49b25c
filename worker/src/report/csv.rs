//! The report as a table (CSV by RFC 4180, UTF-8 with a byte order mark, without which Excel takes
//! it for another encoding): one row for each target and scope.

use std::iter::once;

use csv::{Terminator, WriterBuilder};
use domain::brief::{ReportBrief, status_code};
use domain::progress::{Figure, Scope};
use sea_orm::ActiveEnum;

use crate::wording::figures::label;
use crate::wording::names::Names;

const BYTE_ORDER_MARK: &str = "\u{feff}";

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

/// The figures as of the end of the period, with labels in a language. Unknown and unmeasured values are empty cells, never 0;
/// money is in minor units; a share is a fraction.
#[must_use]
pub fn csv(brief: &ReportBrief<'_>, locale: &str) -> String {
    let names = Names::new(brief.project, locale);
    let mut rows = vec![HEADER.map(str::to_owned)];
    for of in &brief.lines {
        let parts = of.by_community.parts.iter();
        let all = once(&of.figure)
            .chain(parts)
            .chain(once(&of.by_community.unattributed));
        rows.extend(all.map(|figure| row(names, figure)));
    }
    table(&rows).expect("rows of one length are written to memory as UTF-8")
}

fn table(rows: &[[String; 14]]) -> anyhow::Result<String> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::from(BYTE_ORDER_MARK));
    for row in rows {
        writer.write_record(row.iter().map(|text| guard(text)))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
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
        target.rule.measure.sums_up().to_string(),
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

/// Characters without a shape, which may stand in front of a sign: zero-width ones, and marks of the
/// encoding and of the direction of writing.
const SHAPELESS: [char; 8] = [
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}', '\u{ad}',
];

/// A cell that no spreadsheet takes for a formula: one that begins like a formula is text, marked by
/// an apostrophe. Excel in Japanese and Chinese takes full-width signs, too; a tab or a line break in
/// front of a sign hides it.
fn guard(text: &str) -> String {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
    let is_hidden = |c: char| c.is_whitespace() || c.is_control() || SHAPELESS.contains(&c);
    let shown = text.trim_start_matches(is_hidden);
    let is_formula = text.starts_with(char::is_control) || shown.starts_with(SIGNS);
    if is_formula && !is_number {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first line of a table whose first cell is this.
    fn line(first: &str) -> String {
        let mut row = [const { String::new() }; 14];
        first.clone_into(&mut row[0]);
        let table = table(&[row]).unwrap();
        let line = table.strip_prefix(BYTE_ORDER_MARK).unwrap();
        line.strip_suffix(",,,,,,,,,,,,,\r\n").unwrap().to_owned()
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
            ("+x, \"y\"", "\"'+x, \"\"y\"\"\""),
            ("\n=1+1", "\"'\n=1+1\""),
            ("\r=1+1", "\"'\r=1+1\""),
            ("\t=1+1", "'\t=1+1"),
            ("\tCittà", "'\tCittà"),
            (" =1+1", "' =1+1"),
            ("\u{a0}=1+1", "'\u{a0}=1+1"),
            ("\u{feff}=1+1", "'\u{feff}=1+1"),
            ("\u{200b}\t@SUM(A1)", "'\u{200b}\t@SUM(A1)"),
            ("\u{b}=1+1", "'\u{b}=1+1"),
            (
                "=HYPERLINK(\"http://x.example\";\"x\")",
                "\"'=HYPERLINK(\"\"http://x.example\"\";\"\"x\"\")\"",
            ),
            ("+39 011", "'+39 011"),
            ("+nan", "'+nan"),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠SUM(A1)", "'＠SUM(A1)"),
            ("-inf", "'-inf"),
        ] {
            assert_eq!(line(text), cell, "{text:?}");
        }
    }

    #[test]
    fn numbers_and_other_texts_stay_as_they_are() {
        for text in ["-2", "+0.5", "0", "Città", "a-b", "1 = 1", ""] {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn only_what_needs_quotes_is_quoted() {
        assert_eq!(line("a b"), "a b");
        assert_eq!(line("a,b"), "\"a,b\"");
        assert_eq!(line("a\nb"), "\"a\nb\"");
    }
}
