//! The project file's format: its schema, its page in the docs, and the embedded project.

use std::{fs, path::PathBuf};

use domain::{
    file::{self, ProjectFile, check},
    record::ReminderRule,
};
use entities::{Anchor, Category};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The file that a text holds; it keeps to the schema, too.
fn checked(text: &str) -> ProjectFile {
    let value: Value = serde_json::from_str(text).unwrap();
    let validator = jsonschema::validator_for(&ProjectFile::schema()).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_schema_is_that_of_the_types() {
    let path = "docs/project.schema.json";
    let schema = serde_json::to_string_pretty(&ProjectFile::schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(root().join(path), &schema).unwrap();
    }
    assert!(
        read(path) == schema,
        "{path} is not that of the types; UPDATE=1 writes it anew"
    );
}

#[test]
fn the_embedded_project_is_written_as_an_export_would_write_it() {
    let text = read("domain/data/connection.json");
    let again = checked(&text).to_json();
    let differs = text.lines().zip(again.lines()).position(|(a, b)| a != b);
    assert!(
        text == again,
        "first difference in line {differs:?}, counted from 0"
    );
}

#[test]
fn the_example_in_the_docs_is_a_project_file() {
    let page = read("docs/PROJECT_FILE.md");
    let (_, rest) = page
        .split_once("```json\n")
        .expect("the page has an example");
    let (example, _) = rest.split_once("```").expect("the example ends");
    let file = checked(example);
    assert_eq!(file.to_json(), example, "the example is in canonical form");
}

#[test]
fn what_the_format_does_not_know_is_refused() {
    let mut value: Value = serde_json::from_str(&read("domain/data/connection.json")).unwrap();
    value["project"]["colour"] = "blue".into();
    let validator = jsonschema::validator_for(&ProjectFile::schema()).unwrap();
    assert!(!validator.is_valid(&value));
    assert!(serde_json::from_value::<ProjectFile>(value).is_err());
}

/// Where something is wrong with the embedded project after a change of its JSON.
fn wrong_after(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut value: Value = serde_json::from_str(&read("domain/data/connection.json")).unwrap();
    change(&mut value);
    let problems = match file::read(&value.to_string()) {
        Ok(file) => check(&file),
        Err(problems) => problems,
    };
    problems
        .into_iter()
        .map(|problem| problem.pointer())
        .collect()
}

#[test]
fn a_text_that_holds_nul_is_refused_by_its_path() {
    assert_eq!(wrong_after(|_| {}), [""; 0]);
    let problems = wrong_after(|file| {
        file["project"]["acronym"] = "A\0".into();
        file["practices"][3]["name"] = "\0".into();
        file["project"]["name"]["en\0"] = "A name".into();
    });
    for path in ["/project/acronym", "/practices/3/name", "/project/name"] {
        assert!(problems.iter().any(|found| found == path), "{problems:?}");
    }
}

#[test]
fn a_project_lasts_thirty_years_at_most() {
    let change = |file: &mut Value, starts: &str, ends: &str| {
        file["project"]["startsOn"] = starts.into();
        file["project"]["endsOn"] = ends.into();
    };
    let lasts = |starts, ends| wrong_after(|file| change(file, starts, ends));
    assert_eq!(lasts("2020-01-01", "2049-12-31"), [""; 0]);
    assert_eq!(lasts("2020-01-01", "2050-01-01"), ["/project/endsOn"]);
    for path in ["/project/startsOn", "/project/endsOn"] {
        let problems = lasts("0001-01-01", "9999-12-31");
        assert!(problems.iter().any(|found| found == path), "{problems:?}");
    }
}

#[test]
fn more_than_any_fund_has_is_refused_by_its_path() {
    let most = 1_000_000_000_000_000_i64;
    let change = |file: &mut Value, amount: i64| {
        let policy = file["outputs"].as_array_mut().unwrap().iter_mut();
        let mut policies = policy.filter_map(|output| output["kind"].get_mut("policy"));
        policies.next().unwrap()["grantMinor"] = amount.into();
        file["budgetLines"][2]["amountMinor"] = amount.into();
        file["targets"][1]["value"] = amount.into();
    };
    assert_eq!(wrong_after(|file| change(file, most)), [""; 0]);
    for amount in [most + 1, i64::MAX] {
        let problems = wrong_after(|file| change(file, amount));
        assert_eq!(problems.len(), 3, "{problems:?}");
        for field in [
            "/targets/1/value",
            "/budgetLines/2/amountMinor",
            "/kind/policy/grantMinor",
        ] {
            assert!(
                problems.iter().any(|path| path.ends_with(field)),
                "{problems:?}"
            );
        }
    }
}

#[test]
fn a_rule_of_mail_that_cannot_be_followed_is_refused() {
    let mut file = checked(&read("domain/data/connection.json"));
    let rule = |key: &str, change: fn(&mut ReminderRule)| {
        let mut rules = file.reminder_rules.clone();
        let at = rules.iter().position(|rule| rule.key == key).unwrap();
        change(&mut rules[at]);
        let changed = ProjectFile {
            reminder_rules: rules,
            ..file.clone()
        };
        let problems = check(&changed).into_iter();
        let fields = problems.map(|problem| problem.path.rsplit('.').next().unwrap().to_owned());
        fields.collect::<Vec<_>>()
    };
    assert_eq!(rule("weekly-digest", |_| {}), [""; 0]);
    assert_eq!(
        rule("weekly-digest", |rule| rule.weekday = None),
        ["weekday"]
    );
    assert_eq!(
        rule("weekly-digest", |rule| rule.weekday = Some(8)),
        ["weekday"]
    );
    assert_eq!(
        rule("monthly-report", |rule| rule.month_day = Some(29)),
        ["monthDay"]
    );
    assert_eq!(
        rule("visit-reminder", |rule| rule.offsets.0.clear()),
        ["offsets"]
    );
    assert_eq!(
        rule("visit-reminder", |rule| rule.audience.0.clear()),
        ["audience"]
    );
    assert_eq!(
        rule("visit-reminder", |rule| rule.at_time = "24:00".into()),
        ["atTime"]
    );
    assert_eq!(
        rule("visit-reminder", |rule| rule.useful_hours = 0),
        ["usefulHours"]
    );
    // A report that goes by the week would name no month.
    let weekly = |rule: &mut ReminderRule| {
        (rule.anchor, rule.weekday, rule.month_day) = (Anchor::Week, Some(1), None);
    };
    assert_eq!(rule("monthly-report", weekly), ["anchor"]);
    assert_eq!(
        rule("weekly-digest", |rule| rule.category = Category::SignIn),
        ["category"]
    );
    file.reminder_rules.clear();
    assert_eq!(check(&file), []);
}
