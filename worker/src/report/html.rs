//! The report as one page: self-contained, without scripts, to be read and printed.

use chrono::{DateTime, Utc};
use domain::brief::{Line, ReportBrief};
use domain::progress::{self, Scope};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::chart::burn_up;
use super::view::View;
use crate::wording::figures::{FigureText, colour};
use crate::wording::names::Names;
use crate::wording::template;
use crate::wording::words::{Key, say};

#[derive(Debug, Serialize)]
struct Page {
    report: View,
    title: String,
    acronym: String,
    name: Option<String>,
    summary: Option<String>,
    programme: Option<String>,
    grant: Option<String>,
    from: String,
    to: String,
    charts: Vec<Chart>,
    footer: String,
}

#[derive(Debug, Serialize)]
struct Chart {
    label: String,
    value: String,
    status: Option<String>,
    colour: &'static str,
    /// Markup of our own making: numbers and escaped words.
    svg: String,
}

/// The page in one language; `now` is the instant in its footer.
///
/// # Panics
/// Never: a test renders it with every kind of record.
#[must_use]
pub fn html(brief: &ReportBrief<'_>, locale: &str, now: DateTime<Utc>) -> String {
    let names = Names::new(brief.project, locale);
    let (words, project) = (names.words, &brief.project.project);
    let text = |text: &entities::Localized| {
        let text = text.get(words.tag, brief.project.default_locale());
        text.map(str::to_owned)
    };
    let report = View::new(brief, locale, usize::MAX);
    let page = Page {
        title: say!(words, Key("report-title"), period = report.period.as_str()),
        acronym: project.acronym.clone(),
        name: text(&project.name),
        summary: text(&project.summary),
        programme: text(&brief.project.programme.name),
        grant: project
            .grant_agreement
            .as_deref()
            .map(|number| say!(words, Key("page-grant"), number = number)),
        from: words.day(project.starts_on),
        to: words.day(project.ends_on),
        charts: brief
            .lines
            .iter()
            .filter(|line| line.figure.target.headline)
            .filter_map(|line| chart(names, brief, line))
            .collect(),
        footer: say!(
            words,
            Key("page-footer"),
            day = words.day(now.date_naive()),
            time = now.format("%H:%M").to_string(),
            revision = brief.project.revision(),
        ),
        report,
    };
    template::render(
        &words,
        "report.html",
        context! { ..Value::from(Serde(&page)) },
    )
    .expect("a test renders this page in every language")
}

fn chart(names: Names<'_>, brief: &ReportBrief<'_>, line: &Line<'_>) -> Option<Chart> {
    let target = line.figure.target;
    let points = progress::series(brief.project, target, brief.as_of, Scope::Project);
    let shown = FigureText::new(names, &line.figure);
    let title = say!(
        names.words,
        Key("page-chart"),
        label = shown.label.as_str(),
        value = shown.value.as_str(),
    );
    let colour = colour(line.figure.status);
    let months = brief.project.months().count();
    Some(Chart {
        svg: burn_up(&points, months, target.value, colour, &title)?,
        label: shown.label,
        value: shown.value,
        status: shown.status,
        colour,
    })
}
