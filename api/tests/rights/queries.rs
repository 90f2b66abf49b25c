//! Who may read what: every field of a project, and every field of every kind of record, as every
//! kind of viewer, in their own project and in those of others.

use std::{collections::BTreeMap, fmt::Write};

use chrono::TimeDelta;
use domain::{ledger, viewer::Viewer};
use entities::{FrozenFigures, ReportKind, ReportState, report};
use rstest::rstest;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Map, Value, json};
use tests::Backend;

use super::{PROJECTS, VIEWERS, Whose, World};

/// Who sees mail, previews and the audit.
const STEERS: &[&str] = &["coordinator", "coordinator's reading token", "operator"];
/// Who has a role in their own project.
const HAVE_A_ROLE: &[&str] = &[
    "viewer",
    "funder",
    "partner, other city",
    "partner, city that it concerns",
    "partner, own city",
    "expert, other community",
    "expert, own community",
    "coordinator",
    "coordinator's reading token",
    "operator",
];

/// What not everyone reads who sees the project: fields of these types.
const GUARDED: &[(&str, &[&str])] = &[
    ("PersonConnection", HAVE_A_ROLE),
    ("ReportConnection", HAVE_A_ROLE),
    ("NotificationConnection", STEERS),
    ("sharedProposals", STEERS),
    ("NotificationPreviewConnection", STEERS),
    ("AuditEntryConnection", STEERS),
];

/// The kinds of records that not everyone sees who sees the project.
const HIDDEN: &[(&str, &[&str])] = &[
    (
        "Person",
        &[
            "expert, other community",
            "expert, own community",
            "coordinator",
            "coordinator's reading token",
            "operator",
        ],
    ),
    ("Notification", STEERS),
    ("Report", HAVE_A_ROLE),
];

fn may(who: &[&str], viewer: &str, whose: Whose) -> bool {
    who.contains(&viewer) && (whose == Whose::Own || viewer == "operator")
}

/// The types of the schema, by name.
pub struct Types(BTreeMap<String, Value>);

impl Types {
    pub async fn of(world: &World) -> Self {
        let query = "{ __schema { types { name kind interfaces { name }
            fields { name args { name defaultValue type { ...T } } type { ...T } } } } }
            fragment T on __Type { kind name ofType { kind name ofType { kind name
                ofType { kind name } } } }";
        let answer = world.ask(Viewer::Operator, query, json!({})).await;
        let types = answer["data"]["__schema"]["types"].as_array().unwrap();
        let named = |one: &Value| (one["name"].as_str().unwrap().to_owned(), one.clone());
        Self(types.iter().map(named).collect())
    }

    fn fields(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.0[name]["fields"].as_array().unwrap().iter()
    }

    /// The smallest question that reads a field.
    fn asked(&self, field: &Value) -> String {
        let name = field["name"].as_str().unwrap();
        let mut text = name.to_owned();
        let needed = field["args"].as_array().unwrap().iter();
        let needed =
            needed.filter(|arg| arg["type"]["kind"] == "NON_NULL" && arg["defaultValue"].is_null());
        let given: Vec<_> = needed
            .map(|arg| {
                let value = match arg["name"].as_str().unwrap() {
                    "target" => "\"staff_exchanges\"",
                    "from" => "\"2021-01-01\"",
                    "until" => "\"2021-02-01\"",
                    "days" => "7",
                    "text" => "\"torino\"",
                    "kind" => "VISIT",
                    "key" => "\"cop1_w1\"",
                    other => panic!("give {name}({other}:) a value here"),
                };
                format!("{}: {value}", arg["name"].as_str().unwrap())
            })
            .collect();
        if !given.is_empty() {
            let _ = write!(text, "({})", given.join(", "));
        }
        let of = named(&field["type"]);
        if ["OBJECT", "INTERFACE", "UNION"].contains(&self.0[of]["kind"].as_str().unwrap()) {
            text += " { __typename }";
        }
        text
    }

    /// The kinds of records that `node` finds.
    fn records(&self) -> Vec<&str> {
        let of = |one: &&Value| {
            let all = one["interfaces"].as_array();
            all.is_some_and(|all| all.iter().any(|interface| interface["name"] == "Node"))
        };
        let objects = self.0.values().filter(|one| one["kind"] == "OBJECT");
        objects
            .filter(of)
            .map(|one| one["name"].as_str().unwrap())
            .collect()
    }

    fn has_id(&self, name: &str) -> bool {
        let fields = self.0.get(name).and_then(|of| of["fields"].as_array());
        fields.is_some_and(|fields| fields.iter().any(|field| field["name"] == "id"))
    }

    /// Every field of a type that needs no argument, and so many types deep what they lead to.
    pub fn deep(&self, name: &str, depth: usize) -> String {
        format!("__typename {}", self.each(name, depth).join(" "))
    }

    /// The same in so many questions, each of which keeps to the limits of cost.
    pub fn deep_in_parts(&self, name: &str, depth: usize, parts: usize) -> Vec<String> {
        let each = self.each(name, depth);
        let parts = each.chunks(each.len().div_ceil(parts));
        parts.map(|part| part.join(" ")).collect()
    }

    /// Each field of a type that needs no argument, with what it leads to.
    fn each(&self, name: &str, depth: usize) -> Vec<String> {
        let field = |field: &Value| {
            let (of, asked) = (named(&field["type"]), self.asked(field));
            let Some(asked) = asked.strip_suffix(" { __typename }") else {
                return Some(asked);
            };
            if depth == 0 {
                return None;
            }
            Some(match of.strip_suffix("Connection") {
                // With all of them at each depth the questions would cost too much.
                _ if of == "Translation" => {
                    let lists = if depth > 1 { "texts" } else { "" };
                    format!("{asked} {{ text {lists} }}")
                }
                // So would what was said about what was said: the outputs show each by itself.
                _ if of == "Learning" && name == of => {
                    format!("{asked} {{ {} }}", self.deep(of, 0))
                }
                Some(nodes) => {
                    let first = if asked.ends_with(')') {
                        ""
                    } else {
                        "(first: 3)"
                    };
                    let fields = self.deep(nodes, depth - 1);
                    format!("{asked}{first} {{ nodes {{ {fields} }} }}")
                }
                None => format!("{asked} {{ {} }}", self.deep(of, depth - 1)),
            })
        };
        self.fields(name).filter_map(field).collect()
    }

    /// One record of each kind that a project has.
    async fn samples(&self, world: &World, key: &str) -> BTreeMap<String, String> {
        let mut samples = BTreeMap::new();
        for (kind, id) in self.all(world, key).await {
            samples.entry(kind).or_insert(id);
        }
        samples
    }

    /// The kind and the id of every record that a project has, as the operator finds them.
    pub async fn all(&self, world: &World, key: &str) -> Vec<(String, String)> {
        let mut lists = String::new();
        for field in self.fields("Project") {
            let of = named(&field["type"]);
            let asked = self.asked(field);
            if self.has_id(of) {
                let _ = write!(lists, "{} ", asked.replace("__typename", "__typename id"));
            } else if of
                .strip_suffix("Connection")
                .is_some_and(|of| self.has_id(of))
            {
                let nodes = "nodes { __typename id }";
                let _ = write!(lists, "{} ", asked.replace("__typename", nodes));
            }
        }
        let query = format!(
            "{{ project(key: {key:?}) {{ __typename id {lists}
                shared: partners(first: 1) {{ nodes {{ organisation {{ __typename id }} }} }}
                figures: progress {{ all: figures {{ items(stage: PLANNED) {{ nodes {{
                    __typename ... on Node {{ id }} }} }} }} }} }} }}"
        );
        let answer = world.ask(Viewer::Operator, &query, json!({})).await;
        assert!(answer["errors"].is_null(), "{answer}");
        let mut found = Vec::new();
        collect(&answer["data"]["project"], &mut found);
        found.retain(|(kind, _)| self.records().contains(&kind.as_str()));
        found.sort();
        found.dedup();
        found
    }
}

/// Mail and a report in every project.
async fn write_mail_and_reports(world: &World) {
    let store = &world.api.store;
    let now = store.clock().now();
    for (_, key) in PROJECTS {
        let project = store.project(key).await.unwrap();
        let claimed = ledger::claim(store.db(), &project, store.ids(), now + TimeDelta::days(30));
        claimed.await.unwrap();
        let row = report::Model {
            id: project.id().0.into(),
            project_id: project.id(),
            kind: ReportKind::OnDemand,
            state: ReportState::Requested,
            period_from: project.project.starts_on,
            period_to: project.project.ends_on,
            revision: None,
            figures: FrozenFigures(Vec::new()),
            requested_by_id: None,
            requested_at: now,
            made_at: None,
        };
        let row = row.into_active_model();
        report::Entity::insert(row)
            .exec_without_returning(store.db())
            .await
            .unwrap();
    }
}

/// The name of the type within lists and what is never null.
fn named(of: &Value) -> &str {
    match &of["ofType"] {
        Value::Null => of["name"].as_str().unwrap(),
        inner => named(inner),
    }
}

/// The records in an answer.
fn collect(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            if let (Some(kind), Some(id)) = (fields.get("__typename"), fields.get("id")) {
                let kind = kind.as_str().unwrap().to_owned();
                found.push((kind, id.to_string()));
            }
            fields.values().for_each(|one| collect(one, found));
        }
        Value::Array(all) => all.iter().for_each(|one| collect(one, found)),
        _ => {}
    }
}

/// The codes of an answer's errors by the field in which they are.
fn refused(answer: &Value) -> Map<String, Value> {
    let errors = answer["errors"].as_array().into_iter().flatten();
    errors
        .map(|error| {
            let field = &error["path"][1];
            let field = field.as_str().unwrap_or_default().to_owned();
            (field, error["extensions"]["code"].clone())
        })
        .collect()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn every_field_is_read_by_those_alone_who_may(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    write_mail_and_reports(&world).await;
    let types = Types::of(&world).await;
    let (mut cells, mut wrong, mut seen) = (0, String::new(), Vec::new());
    for (whose, key) in PROJECTS {
        let mut asked = vec![("Project".to_owned(), format!("project(key: {key:?})"))];
        for (kind, id) in types.samples(&world, key).await {
            asked.push((kind, format!("node(id: {id})")));
        }
        for (kind, root) in asked {
            let list: Vec<_> = types
                .fields(&kind)
                .map(|field| types.asked(field))
                .collect();
            let query = format!(
                "{{ found: {root} {{ ... on {kind} {{ {} }} }} }}",
                list.join(" ")
            );
            for viewer in VIEWERS {
                let answer = world.ask(world.viewers[viewer], &query, json!({})).await;
                let refused = refused(&answer);
                let is_there = answer["data"]["found"].is_object();
                let hidden = HIDDEN.iter().find(|(of, _)| *of == kind);
                let sees = whose != Whose::Closed || viewer == "operator";
                let sees = sees && hidden.is_none_or(|(_, who)| may(who, viewer, whose));
                cells += 1;
                if is_there != sees {
                    let _ = writeln!(wrong, "{kind} as {viewer} in {whose:?}: {answer}");
                    continue;
                }
                if !is_there {
                    continue;
                }
                for field in types.fields(&kind) {
                    let of = named(&field["type"]);
                    let field = field["name"].as_str().unwrap();
                    let guard = GUARDED.iter();
                    let mut guard = guard.filter(|(by, _)| *by == of || *by == field);
                    let should = match guard.next() {
                        Some((_, who)) if !may(who, viewer, whose) => Some("FORBIDDEN"),
                        _ => None,
                    };
                    let code = refused.get(field).and_then(Value::as_str);
                    cells += 1;
                    if code != should {
                        let _ = writeln!(
                            wrong,
                            "{kind}.{field} as {viewer} in {whose:?}: {code:?}, not {should:?}"
                        );
                    }
                }
            }
            seen.push((whose, kind));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    // No kind of record was left out.
    let mut missing = types.records();
    missing.retain(|kind| !seen.contains(&(Whose::Own, (*kind).to_owned())));
    assert_eq!(
        missing, [""; 0],
        "the projects of this test have one of each"
    );
    println!("{cells} cells of queries");
}
