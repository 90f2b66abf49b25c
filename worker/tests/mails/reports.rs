//! Progress reports: the mail and the files.

use domain::brief::{self, ReportBrief};
use domain::project::Project;
use entities::*;
use serde_json::Value;
use worker::mail::Mail;
use worker::report;

use super::given::{self, at, compare, mailer, person, project, row};

fn august(project: &Project) -> ReportBrief<'_> {
    let (from, to) = ("2021-08-01", "2021-08-31");
    brief::report(project, (from.parse().unwrap(), to.parse().unwrap()))
}

pub fn last(project: &Project) -> ReportBrief<'_> {
    let (from, to) = ("2022-12-01", "2022-12-31");
    brief::report(project, (from.parse().unwrap(), to.parse().unwrap()))
}

pub fn mail(brief: &ReportBrief<'_>, to: &str, now: &str) -> Mail {
    let person = person(brief.project, to);
    let subject = brief.project.id();
    let row = row(
        brief.project,
        person,
        Category::ProgressReport,
        subject,
        at(now),
    );
    let report = ReportId(uuid::Uuid::from_u128(0xfeed));
    mailer()
        .progress_report(brief, &row, report, at(now))
        .unwrap()
}

fn italian() -> Project {
    let mut rows = given::rows();
    for person in &mut rows.people {
        person.locale = "it-IT".to_owned();
    }
    Project::new(rows)
}

fn compare_file(name: &str, file: &str) {
    insta::with_settings!({
        snapshot_path => "snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, file) });
}

#[test]
fn the_report_of_august_2021_in_both_languages() {
    let (en, it) = (project(), italian());
    let funder = "amif-reporting";
    compare(
        "report-2021-08-en",
        &mail(&august(&en), funder, "2021-09-01T06:00:00Z"),
    );
    compare(
        "report-2021-08-it",
        &mail(&august(&it), funder, "2021-09-01T06:00:00Z"),
    );
}

#[test]
fn the_last_report_in_both_languages() {
    let (en, it) = (project(), italian());
    let to = "eurocities-coordination";
    let mail_en = mail(&last(&en), to, "2023-01-01T07:00:00Z");
    compare("report-2022-12-en", &mail_en);
    compare(
        "report-2022-12-it",
        &mail(&last(&it), to, "2023-01-01T07:00:00Z"),
    );
    assert!(mail_en.text.contains("not measured"));
}

#[test]
fn the_files_of_the_last_report() {
    let project = project();
    let brief = last(&project);
    let now = at("2023-01-01T07:00:00Z");
    compare_file(
        "report-2022-12-page-en.html",
        &report::html(&brief, "en", now),
    );
    compare_file(
        "report-2022-12-page-it.html",
        &report::html(&brief, "it", now),
    );
    let table = report::csv(&brief, "en").replace("\r\n", "\n");
    let table = table.strip_prefix('\u{feff}');
    compare_file(
        "report-2022-12.csv",
        table.expect("Excel reads it as UTF-8"),
    );
    compare_file("report-2022-12.json", &report::json(&brief, "en"));
    assert_eq!(
        report::html(&brief, "en", now),
        report::html(&brief, "en", now)
    );
}

/// Of each file of data: what people read is in the language, and nothing else differs.
#[test]
fn the_data_of_a_report_are_in_the_language_asked_for() {
    let project = project();
    let brief = last(&project);
    for (language, visits, city) in [
        (
            "en",
            "Thematic cluster visits (workshops)",
            "City of Sofia (Sofia Municipality)",
        ),
        (
            "it",
            "Visite tematiche dei cluster (workshop)",
            "Città di Sofia",
        ),
        (
            "it-CH",
            "Visite tematiche dei cluster (workshop)",
            "Città di Sofia",
        ),
    ] {
        let table = report::csv(&brief, language);
        let mut lines = table.lines();
        assert!(
            lines.any(|line| line.starts_with(&format!("thematic_cluster_visits,{visits},"))),
            "{language}: {table}"
        );
        let data: Value = serde_json::from_str(&report::json(&brief, language)).unwrap();
        assert_eq!(data["locale"], language.split('-').next().unwrap());
        // A blocker's name is in the language; a target's label is given in all of them.
        let blockers = data["blockers"].as_array().unwrap();
        let sofia = blockers.iter().find(|one| one["partner"] == "sofia");
        assert_eq!(sofia.unwrap()["name"], city, "{language}: {blockers:?}");
        let figures = data["figures"].as_array().unwrap();
        let figure = figures
            .iter()
            .find(|figure| figure["target"] == "thematic_cluster_visits");
        let label = &figure.unwrap()["label"];
        assert_eq!(label[&language[..2]], visits, "{language}: {label}");
    }
    let numbers = |language| {
        let table = report::csv(&brief, language);
        let rows = csv::Reader::from_reader(table.as_bytes())
            .into_records()
            .map(|row| {
                let row = row.unwrap();
                let cells = row.iter().enumerate().filter(|(column, _)| *column != 1);
                cells.map(|(_, cell)| cell.to_owned()).collect::<Vec<_>>()
            });
        rows.collect::<Vec<_>>()
    };
    assert_eq!(numbers("it"), numbers("en"));
}

#[test]
fn a_page_needs_nothing_else_and_runs_nothing() {
    let project = project();
    let page = report::html(&august(&project), "en", at("2021-09-01T06:00:00Z"));
    for forbidden in ["<script", "<link", "<img", "url(", "@import", "javascript:"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let charts = page.matches("<svg").count();
    assert_eq!(charts, 7, "one for each headline target");
}

#[test]
fn the_rows_of_the_table_sum_up() {
    let project = project();
    let table = report::csv(&last(&project), "en");
    let lines: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!(lines.len(), 1 + 25 * (1 + 4 + 1));
    let exchanges: Vec<&Vec<&str>> = lines
        .iter()
        .filter(|cells| cells[0] == "staff_exchanges")
        .collect();
    let reported: Vec<i64> = exchanges
        .iter()
        .map(|cells| cells[7].parse().unwrap())
        .collect();
    assert_eq!(reported[0], 5);
    assert_eq!(reported[0], reported[1..].iter().sum::<i64>());
    let unmeasured = lines
        .iter()
        .find(|cells| cells[0] == "practitioners_using_guides")
        .unwrap();
    assert_eq!(unmeasured[7], "", "not measured is not 0");
}

#[test]
fn the_data_name_every_counted_record() {
    let project = project();
    let data: Value = serde_json::from_str(&report::json(&last(&project), "en")).unwrap();
    let figures = data["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 25);
    let of = |key: &str| {
        figures
            .iter()
            .find(|figure| figure["target"] == key)
            .unwrap()
    };
    let exchanges = of("staff_exchanges");
    assert_eq!(exchanges["reported"], 5);
    assert_eq!(exchanges["counted"].as_array().unwrap().len(), 5);
    assert_eq!(of("practitioners_using_guides")["reported"], Value::Null);
    assert_eq!(data["money"]["unknownShares"], 16);
}

#[test]
fn data_are_never_markup() {
    let mut rows = given::rows();
    let evil = "</svg><script>alert(1)</script>";
    for target in &mut rows.targets {
        target.label.0.insert("en".to_owned(), evil.to_owned());
    }
    for output in &mut rows.outputs {
        output.title.0.insert("en".to_owned(), format!("={evil}"));
    }
    rows.targets[0]
        .label
        .0
        .insert("en".to_owned(), "=HYPERLINK(\"x\")".to_owned());
    let project = Project::new(rows);
    let brief = last(&project);
    let now = at("2023-01-01T07:00:00Z");
    let mail = mail(&brief, "eurocities-coordination", "2023-01-01T07:00:00Z");
    for page in [report::html(&brief, "en", now), mail.html] {
        assert!(!page.contains("<script"), "{page}");
    }
    assert!(report::csv(&brief, "en").contains(",\"'=HYPERLINK(\"\"x\"\")\","));
}

#[test]
fn every_month_of_the_project_can_be_reported() {
    let project = project();
    for month in project.months() {
        let brief = brief::report(&project, (month.first_day, month.last_day));
        let mail = mail(&brief, "amif-reporting", "2023-01-01T07:00:00Z");
        let too_long = |line: &&str| line.chars().count() > 72 && !line.contains("https://");
        assert_eq!(mail.text.lines().find(too_long), None);
        assert!(mail.html.len() < 100_000, "Gmail cuts longer ones");
        let page = report::html(&brief, "it", at("2023-01-01T07:00:00Z"));
        assert!(page.contains("<h2>"));
    }
}
