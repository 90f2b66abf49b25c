//! As of a day means all of it: every field of every type of a project, asked as of the end of each
//! month. The queries are made from the schema, so that a new field is asked by itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use crate::support::Api;
use api::{Gateway, Limits, Operation};
use apollo_compiler::{Schema, ast::Type, schema::ExtendedType};
use chrono::{NaiveDate, TimeDelta};
use domain::viewer::Viewer;
use entities::PartialDate;
use serde_json::Value;

/// Dates of what is planned, due or on its way: they lie ahead by their nature.
const PLANS: &[&str] = &[
    "Project.endsOn",
    "Month.startsOn",
    "Month.endsOn",
    "*.starts",
    "*.ends",
    "*.startsOn",
    "*.endsOn",
    "*.plannedFrom",
    "*.plannedTo",
    "*.dueOn",
    "*.promisedOn",
    "*.deadline",
    "Owed.askedFrom",
    "Measure.due",
    "Partner.leftOn",
    "Role.until",
    "Person.pausedUntil",
    // A step that moves an output says to which days.
    "OutputEvent.newStarts",
    "OutputEvent.newEnds",
    "OutputEvent.oldStarts",
    "OutputEvent.oldEnds",
    // Words that look like a date.
    "Reading.value",
    // The instant of a step's recording is that of the import here; `knownAt` goes by it.
    "OutputEvent.recordedAt",
];

/// Events of the timeline that are plans.
const PLANNED_EVENTS: [&str; 6] = [
    "PROJECT_ENDS",
    "STARTS",
    "ENDS",
    "DUE",
    "MEASURE_DUE",
    "CALL_DEADLINE",
];

/// Fields of a project that are not read as of a day: the ledger, the audit and accounts.
const BEYOND: [&str; 6] = [
    "notifications",
    "previewNotifications",
    "auditLog",
    "reports",
    "knownAt",
    "revision",
];

/// How deep the queries go below a field of the project.
const DEPTH: usize = 4;

struct Questions {
    schema: Schema,
    fields: BTreeSet<String>,
}

impl Questions {
    fn read() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
        let text = std::fs::read_to_string(path).unwrap();
        Self {
            schema: Schema::parse(text, path).unwrap(),
            fields: BTreeSet::new(),
        }
    }

    /// One query for each field of the project, by the field's name.
    fn queries(&mut self) -> BTreeMap<String, String> {
        let ExtendedType::Object(project) = self.schema.types["Project"].clone() else {
            panic!("a project is an object");
        };
        let mut queries = BTreeMap::new();
        for (name, field) in &project.fields {
            if BEYOND.contains(&name.as_str()) {
                continue;
            }
            self.fields.insert(format!("Project.{name}"));
            let arguments = match name.as_str() {
                "timeline" => "(from: \"2019-01-01\", until: \"2030-01-01\", first: 100)",
                "progressSeries" => "(target: \"thematic_cluster_visits\")",
                "search" => "(text: \"integration\", first: 100)",
                _ if field.arguments.iter().any(|one| one.is_required()) => continue,
                _ if field.arguments.iter().any(|one| one.name == "first") => "(first: 100)",
                _ => "",
            };
            let mut path = vec!["Project".to_owned()];
            if let Some(selection) = self.selection(&field.ty, &mut path, DEPTH) {
                queries.insert(name.to_string(), format!("{name}{arguments}{selection}"));
            }
        }
        queries
    }

    /// What is asked of a value of a type; `None` where nothing more is.
    fn selection(&mut self, of: &Type, path: &mut Vec<String>, depth: usize) -> Option<String> {
        let name = of.inner_named_type().to_string();
        let types = match &self.schema.types[name.as_str()] {
            ExtendedType::Scalar(_) | ExtendedType::Enum(_) => return Some(String::new()),
            ExtendedType::Interface(_) | ExtendedType::Union(_) => {
                let implementers = self.schema.implementers_map();
                let members = implementers.get(name.as_str());
                let members = members.map(|all| all.objects.iter().cloned().collect());
                members.unwrap_or_default()
            }
            _ => Vec::new(),
        };
        if depth == 0 || path.contains(&name) {
            return None;
        }
        path.push(name.clone());
        let mut text = " { __typename ".to_owned();
        if types.is_empty() {
            text += &self.fields_of(&name, path, depth);
        }
        for one in types {
            // Of the records that a note, a node or a timeline names, the fields were asked elsewhere.
            let below = match name.as_str() {
                "Output" => self.fields_of(one.as_str(), path, depth),
                _ => self.fields_of(one.as_str(), path, 1),
            };
            write!(text, "... on {one} {{ __typename {below} }} ").unwrap();
        }
        path.pop();
        Some(text + "}")
    }

    fn fields_of(&mut self, name: &str, path: &mut Vec<String>, depth: usize) -> String {
        let ExtendedType::Object(object) = self.schema.types[name].clone() else {
            panic!("{name} is no object");
        };
        let mut text = String::new();
        for (field_name, field) in &object.fields {
            let is_page = field.arguments.iter().any(|one| one.name == "first");
            // The audit is read by when it was recorded, as that of the project is.
            let is_audit = field.ty.inner_named_type() == "AuditEntryConnection";
            // Pages below pages would ask for the whole project again and again.
            let is_deep_page = is_page && path.len() > 3;
            let is_of_a_page = name == "PageInfo" || field_name == "cursor";
            let needs_nothing = field.arguments.iter().all(|one| !one.is_required());
            let is_asked = needs_nothing && !is_audit && !is_deep_page && !is_of_a_page;
            if !is_asked {
                continue;
            }
            let arguments = if is_page { "(first: 100)" } else { "" };
            if let Some(below) = self.selection(&field.ty, path, depth - 1) {
                self.fields.insert(format!("{name}.{field_name}"));
                // Types that one list mixes may give the same name to different types.
                let alias = format!("{name}_{field_name}");
                write!(text, "{alias}: {field_name}{arguments}{below} ").unwrap();
            }
        }
        text
    }
}

/// The dates in an answer that lie after a day, though they are no plans.
fn ahead(day: NaiveDate, at: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| ahead(day, at, one, found)),
        Value::Object(fields) => {
            let what = fields.get("TimelineEntry_what").and_then(Value::as_str);
            let is_planned_event = what.is_some_and(|what| PLANNED_EVENTS.contains(&what));
            for (alias, below) in fields {
                let (name, field) = alias.split_once('_').unwrap_or(("", alias));
                let own = format!("{name}.{field}");
                let is_plan = PLANS.contains(&own.as_str())
                    || PLANS.contains(&format!("*.{field}").as_str())
                    || (is_planned_event && ["day", "date"].contains(&field));
                if !is_plan {
                    ahead(day, &own, below, found);
                }
            }
        }
        Value::String(text) => {
            let date = text.get(..10).filter(|_| text.ends_with('Z'));
            let date: Option<PartialDate> = date.unwrap_or(text).parse().ok();
            // The year of a grant's number is no date.
            if let Some(date) = date.filter(|date| date.first_day() > day) {
                found.insert(format!("{at} {date}"));
            }
        }
        _ => {}
    }
}

fn document(questions: &BTreeMap<String, String>, name: &str, as_of: Option<NaiveDate>) -> String {
    let as_of = as_of.map_or_else(String::new, |day| format!(", asOf: \"{day}\""));
    let field = &questions[name];
    format!("{{ project(key: \"connection\"{as_of}) {{ {field} }} }}")
}

async fn ask(api: &Api, document: &str) -> Value {
    let response = api.ask(Viewer::Operator, Operation::new(document)).await;
    assert_eq!(response.errors, [], "{document}");
    response.data.into_json().unwrap()
}

async fn boundless() -> Api {
    let mut api = Api::new().await;
    api.gateway = Gateway::new(Limits {
        document: 64 << 20,
        tokens: 10_000_000,
        nesting: 100,
        depth: 50,
        fields: 10_000_000,
        aliases: 10_000_000,
        cost: usize::MAX / 2,
        values: usize::MAX / 2,
        work: usize::MAX / 2,
        answer_bytes: usize::MAX / 2,
        rate: 0,
        viewer_rate: 0,
        ..Limits::default()
    });
    api
}

/// People whose roles begin and end, and facts that hold from a day on.
async fn some_come_and_go(api: &Api) {
    api.store
        .clock()
        .set("2022-12-01T12:00:00Z".parse().unwrap());
    let add = "mutation($input: AddPersonInput!) { addPerson(input: $input) {
        userErrors { code } } }";
    let create = "mutation($input: CreatePracticeInput!) { createPractice(input: $input) {
        userErrors { code } } }";
    let role = serde_json::json!({ "kind": "VIEWER", "from": "2021-06-15", "until": "2022-03-31" });
    let other = serde_json::json!({ "kind": "PARTNER", "partner": "torino", "from": "2022-10-01" });
    let person = serde_json::json!({ "project": "connection", "name": "Guest",
        "roles": [role, other] });
    let practice = serde_json::json!({ "project": "connection", "name": "Desk", "kind": "service",
        "datedFacts": [{ "text": "It opened.", "since": "2021-04-15" }] });
    for (document, input) in [(add, person), (create, practice)] {
        let variables = serde_json::json!({ "input": input });
        let operation = Operation::new(document).with_variables(variables);
        let response = api.ask(Viewer::Operator, operation).await;
        assert_eq!(response.errors, [], "{document}");
        let data = response.data.into_json().unwrap().to_string();
        assert!(data.contains("\"userErrors\":[]"), "{data}");
    }
}

#[tokio::test]
async fn nothing_after_a_day_is_read_as_of_it() {
    let api = boundless().await;
    some_come_and_go(&api).await;
    let mut questions = Questions::read();
    let queries = questions.queries();
    let project = api.store.project("connection").await.unwrap();
    let days: Vec<_> = project.months().map(|month| month.last_day).collect();
    let mut found = BTreeSet::new();
    for day in &days {
        for name in queries.keys() {
            let answer = ask(&api, &document(&queries, name, Some(*day))).await;
            let mut on_day = BTreeSet::new();
            ahead(*day, name, &answer["data"]["project"], &mut on_day);
            ahead(*day, name, &answer["project"], &mut on_day);
            found.extend(
                on_day
                    .into_iter()
                    .map(|what| format!("{day} {name}: {what}")),
            );
        }
    }
    println!(
        "asked {} fields in {} queries as of {} days",
        questions.fields.len(),
        queries.len(),
        days.len()
    );
    assert!(questions.fields.len() > 400, "{}", questions.fields.len());
    for field in ["Role.from", "Role.until", "Role.inForce", "Person.roles"] {
        assert!(questions.fields.contains(field), "{field}");
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn as_of_the_last_day_all_is_as_it_is() {
    let api = boundless().await;
    let queries = Questions::read().queries();
    let last: NaiveDate = "2022-12-31".parse().unwrap();
    let evening: chrono::DateTime<chrono::Utc> = "2022-12-31T20:00:00Z".parse().unwrap();
    api.store.clock().set(evening + TimeDelta::days(14));
    for name in queries.keys().filter(|name| *name != "asOf") {
        let as_of = ask(&api, &document(&queries, name, Some(last))).await;
        let mut as_it_is = ask(&api, &document(&queries, name, None)).await;
        // The day itself is part of the answer.
        let same = as_it_is.to_string().replace("2023-01-14", "2022-12-31");
        as_it_is = serde_json::from_str(&same).unwrap();
        assert_eq!(as_of, as_it_is, "{name}");
    }
}

#[tokio::test]
async fn in_september_2021_nobody_has_been_to_torino() {
    let api = Api::new().await;
    let query = "query($day: Date) { project(key: \"connection\", asOf: $day) {
        visits(first: 100) { nodes { key starts advice { body } challenges { body }
            participations { partner { key } status } practices { key } evidence { title } } }
        actionPlans(first: 100) { nodes { key endorsements { body } } }
        policies(first: 100) { nodes { key facts } }
        events(first: 100) { nodes { key starts } } } }";
    let on = async |day: &str| {
        let variables = serde_json::json!({ "day": day });
        let operation = Operation::new(query).with_variables(variables);
        let response = api.ask(Viewer::Anonymous, operation).await;
        serde_json::to_value(&response).unwrap()["data"]["project"].clone()
    };
    let node = |project: &Value, list: &str, key: &str| {
        let nodes = project[list]["nodes"].as_array().unwrap().iter();
        nodes
            .clone()
            .find(|node| node["key"] == key)
            .unwrap()
            .clone()
    };
    let september = on("2021-09-06").await;
    let torino = node(&september, "visits", "cop1_w2");
    assert_eq!(torino["starts"], "2021-10-11");
    for list in ["advice", "challenges", "practices", "evidence"] {
        assert_eq!(torino[list], serde_json::json!([]), "{list}");
    }
    let statuses = torino["participations"].as_array().unwrap().iter();
    let statuses: BTreeSet<_> = statuses.map(|one| one["status"].to_string()).collect();
    assert_eq!(statuses, BTreeSet::from(["\"EXPECTED\"".to_owned()]));
    let zagreb = node(&september, "actionPlans", "ap_zagreb");
    assert_eq!(zagreb["endorsements"], serde_json::json!([]));
    let dortmund = node(&september, "policies", "pol_dortmund_migrado");
    assert_eq!(dortmund["facts"], serde_json::json!([]));
    // A plan is known as it was known then.
    let end = on("2022-12-31").await;
    let torino = node(&end, "visits", "cop1_w2");
    assert_eq!(torino["advice"].as_array().unwrap().len(), 3);
    assert!(torino.to_string().contains("\"PRESENT\""));
    let zagreb = node(&end, "actionPlans", "ap_zagreb");
    assert_eq!(zagreb["endorsements"].as_array().unwrap().len(), 1);
}
