//! Rules of mail, practices, forums, notes, sources, publications, calls and lines of the budget:
//! created, edited field by field, and removed.

use api::Operation;
use domain::{
    command::Import,
    file,
    plan::{self, Due},
    project::Project,
    viewer::Viewer,
};
use entities::{audit_entry, role};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::Backend;

use super::{act, done, is_as_loaded, problems, signed_in, text};
use crate::support::Api;

/// One kind of record, and what is told of one.
struct Noun {
    /// The name of its type.
    name: &'static str,
    /// Its field in payloads, which is also the list of its project but for the plural.
    field: &'static str,
    /// How it is read back.
    read: &'static str,
    create: Value,
    created: Value,
    /// Edits, one after the other: a field of the input, and what is read back of it.
    edits: Vec<(Value, Value)>,
}

fn nouns() -> Vec<Noun> {
    let cited = json!([{ "source": "W01" }, { "source": "W02", "locator": "q3" }]);
    let citations = json!([{ "key": "W01", "locator": null }, { "key": "W02", "locator": "q3" }]);
    let recited = (json!({ "sources": cited }), json!({ "sources": citations }));
    vec![
        Noun {
            name: "ReminderRule",
            field: "reminderRule",
            read: "key category anchor daysBefore atTime weekday monthDay audience usefulHours enabled",
            create: json!({ "category": "VISIT_REMINDER", "daysBefore": [21, 3, 21],
                "audience": ["HOST", "EXPERT", "HOST"] }),
            created: json!({ "category": "VISIT_REMINDER", "anchor": "VISIT_START",
                "daysBefore": [21, 3], "atTime": "09:00", "weekday": null, "monthDay": null,
                "audience": ["HOST", "EXPERT"], "usefulHours": 24, "enabled": true }),
            edits: vec![
                (json!({ "enabled": false }), json!({ "enabled": false })),
                (
                    json!({ "daysBefore": [0, 730] }),
                    json!({ "daysBefore": [0, 730] }),
                ),
                (json!({ "atTime": "07:30" }), json!({ "atTime": "07:30" })),
                (
                    json!({ "audience": ["PARTNERS"] }),
                    json!({ "audience": ["PARTNERS"] }),
                ),
                (json!({ "usefulHours": 8 }), json!({ "usefulHours": 8 })),
                (
                    json!({ "category": "DIGEST", "weekday": 5 }),
                    json!({ "category": "DIGEST", "anchor": "WEEK", "weekday": 5, "daysBefore": [] }),
                ),
                (json!({ "weekday": 7 }), json!({ "weekday": 7 })),
                (
                    json!({ "category": "PROGRESS_REPORT", "monthDay": 1 }),
                    json!({ "category": "PROGRESS_REPORT", "anchor": "MONTH", "weekday": null,
                        "monthDay": 1 }),
                ),
                (json!({ "monthDay": 28 }), json!({ "monthDay": 28 })),
                (json!({ "enabled": true }), json!({ "enabled": true })),
            ],
        },
        Noun {
            name: "Practice",
            field: "practice",
            read: "key name kind partner { key } since description facts note
                sources { key locator }",
            create: json!({ "name": "Open doors", "kind": "service", "partner": "torino" }),
            created: json!({ "name": "Open doors", "kind": "service",
                "partner": { "key": "torino" }, "since": null, "description": null, "facts": [],
                "note": null, "sources": [] }),
            edits: vec![
                (json!({ "name": "Doors" }), json!({ "name": "Doors" })),
                (json!({ "kind": "network" }), json!({ "kind": "network" })),
                (
                    json!({ "partner": "athens" }),
                    json!({ "partner": { "key": "athens" } }),
                ),
                (json!({ "partner": null }), json!({ "partner": null })),
                (json!({ "since": "2014-03" }), json!({ "since": "2014-03" })),
                (
                    json!({ "description": "It opens." }),
                    json!({ "description": "It opens." }),
                ),
                (
                    json!({ "facts": ["a", "b"] }),
                    json!({ "facts": ["a", "b"] }),
                ),
                (
                    json!({ "note": "Ask again" }),
                    json!({ "note": "Ask again" }),
                ),
                (json!({ "note": null }), json!({ "note": null })),
                recited.clone(),
            ],
        },
        Noun {
            name: "Forum",
            field: "forum",
            read: "key name practice { key } partner { key } district founded meets access funding
                beneficiaries goals results stated { value what citation { key locator } }
                members { nodes { kind name state applied decided } }
                topics { nodes { title proposedBy proposed } }
                meetings { nodes { held place note } } sources { key locator }",
            create: json!({ "name": text("Round table") }),
            created: json!({ "name": "Round table", "practice": null, "partner": null,
                "district": null, "founded": null, "meets": null, "access": null, "funding": null,
                "beneficiaries": null, "goals": [], "results": [], "stated": [],
                "members": { "nodes": [] }, "topics": { "nodes": [] },
                "meetings": { "nodes": [] }, "sources": [] }),
            edits: vec![
                (json!({ "name": text("Table") }), json!({ "name": "Table" })),
                (
                    json!({ "practice": "moi" }),
                    json!({ "practice": { "key": "moi" } }),
                ),
                (json!({ "practice": null }), json!({ "practice": null })),
                (
                    json!({ "partner": "paris" }),
                    json!({ "partner": { "key": "paris" } }),
                ),
                (
                    json!({ "district": "North" }),
                    json!({ "district": "North" }),
                ),
                (json!({ "founded": "2020" }), json!({ "founded": "2020" })),
                (json!({ "meets": "monthly" }), json!({ "meets": "monthly" })),
                (json!({ "access": "a form" }), json!({ "access": "a form" })),
                (
                    json!({ "funding": "the city" }),
                    json!({ "funding": "the city" }),
                ),
                (
                    json!({ "beneficiaries": "all" }),
                    json!({ "beneficiaries": "all" }),
                ),
                (json!({ "goals": ["trust"] }), json!({ "goals": ["trust"] })),
                (
                    json!({ "results": ["a feast"] }),
                    json!({ "results": ["a feast"] }),
                ),
                (
                    json!({ "stated": [{ "value": 97, "what": "associations",
                        "citation": { "source": "W03", "locator": "p. 4" } }] }),
                    json!({ "stated": [{ "value": 97, "what": "associations",
                        "citation": { "key": "W03", "locator": "p. 4" } }] }),
                ),
                (
                    json!({ "members": [
                        { "kind": "ASSOCIATION", "name": "Teranga", "state": "ACCEPTED",
                            "applied": "2020", "decided": "2020-05" },
                        { "kind": "INDIVIDUAL", "state": "APPLIED" },
                    ] }),
                    json!({ "members": { "nodes": [
                        { "kind": "ASSOCIATION", "name": "Teranga", "state": "ACCEPTED",
                            "applied": "2020", "decided": "2020-05" },
                        { "kind": "INDIVIDUAL", "name": null, "state": "APPLIED", "applied": null,
                            "decided": null },
                    ] } }),
                ),
                (
                    json!({ "topics": [{ "title": "Housing", "proposedBy": "PARTICIPANT",
                        "proposed": "2021-01-09" }] }),
                    json!({ "topics": { "nodes": [{ "title": "Housing",
                        "proposedBy": "PARTICIPANT", "proposed": "2021-01-09" }] } }),
                ),
                (
                    json!({ "meetings": [{ "held": "2021-02", "place": "Town hall",
                        "note": "Full" }] }),
                    json!({ "meetings": { "nodes": [{ "held": "2021-02", "place": "Town hall",
                        "note": "Full" }] } }),
                ),
                recited.clone(),
            ],
        },
        Noun {
            name: "Note",
            field: "note",
            read: "key kind topic body readings { value citation { key locator } }
                about { __typename }",
            create: json!({ "kind": "REMARK", "topic": "Dates" }),
            created: json!({ "kind": "REMARK", "topic": "Dates", "body": null, "readings": [],
                "about": [] }),
            edits: vec![
                (
                    json!({ "kind": "DISCREPANCY" }),
                    json!({ "kind": "DISCREPANCY" }),
                ),
                (json!({ "topic": "Days" }), json!({ "topic": "Days" })),
                (
                    json!({ "body": "Two say so." }),
                    json!({ "body": "Two say so." }),
                ),
                (
                    json!({ "readings": [{ "value": "five" },
                        { "value": "six", "citation": { "source": "W02" } }] }),
                    json!({ "readings": [{ "value": "five", "citation": null },
                        { "value": "six", "citation": { "key": "W02", "locator": null } }] }),
                ),
                (
                    json!({ "about": ["project:connection", "partner:torino", "community:cop1",
                        "pairing:x_torino_anci_piemonte", "practice:moi", "target:core_cities",
                        "output:x_torino_anci_piemonte_leg1"] }),
                    json!({ "about": typenames(&["Project", "Partner", "Community", "Pairing",
                        "Practice", "Target", "StaffExchange"]) }),
                ),
                (json!({ "body": null }), json!({ "body": null })),
            ],
        },
        Noun {
            name: "Source",
            field: "source",
            read: "key title publisher address",
            create: json!({ "title": "Report" }),
            created: json!({ "title": "Report", "publisher": null, "address": null }),
            edits: vec![
                (
                    json!({ "title": "Final report" }),
                    json!({ "title": "Final report" }),
                ),
                (
                    json!({ "publisher": "Eurocities" }),
                    json!({ "publisher": "Eurocities" }),
                ),
                (
                    json!({ "address": "https://eurocities.example/r" }),
                    json!({ "address": "https://eurocities.example/r" }),
                ),
                (json!({ "publisher": null }), json!({ "publisher": null })),
            ],
        },
        Noun {
            name: "Publication",
            field: "publication",
            read: "key title published url community { key } sources { key locator }",
            create: json!({ "title": "A visit", "community": "cop1" }),
            created: json!({ "title": "A visit", "published": null, "url": null,
                "community": { "key": "cop1" }, "sources": [] }),
            edits: vec![
                (
                    json!({ "title": "Our visit" }),
                    json!({ "title": "Our visit" }),
                ),
                (
                    json!({ "published": "2021-10" }),
                    json!({ "published": "2021-10" }),
                ),
                (
                    json!({ "url": "https://a.example" }),
                    json!({ "url": "https://a.example" }),
                ),
                (
                    json!({ "community": "cop2" }),
                    json!({ "community": { "key": "cop2" } }),
                ),
                (json!({ "community": null }), json!({ "community": null })),
                recited.clone(),
            ],
        },
        Noun {
            name: "Call",
            field: "call",
            read: "key title issued deadline forWhom places formUrl required
                sources { key locator }",
            create: json!({ "title": "Join us", "issued": "2021-05" }),
            created: json!({ "title": "Join us", "issued": "2021-05", "deadline": null,
                "forWhom": null, "places": null, "formUrl": null, "required": [], "sources": [] }),
            edits: vec![
                (json!({ "title": "Join" }), json!({ "title": "Join" })),
                (
                    json!({ "issued": "2021-05-02" }),
                    json!({ "issued": "2021-05-02" }),
                ),
                (
                    json!({ "deadline": "2021-05-02" }),
                    json!({ "deadline": "2021-05-02" }),
                ),
                (
                    json!({ "forWhom": "cities" }),
                    json!({ "forWhom": "cities" }),
                ),
                (json!({ "places": 8 }), json!({ "places": 8 })),
                (json!({ "places": null }), json!({ "places": null })),
                (
                    json!({ "formUrl": "https://forms.example/1" }),
                    json!({ "formUrl": "https://forms.example/1" }),
                ),
                (
                    json!({ "required": ["a letter"] }),
                    json!({ "required": ["a letter"] }),
                ),
                recited.clone(),
            ],
        },
        Noun {
            name: "BudgetLine",
            field: "budgetLine",
            read: "key kind label partner { key } amount { minor currency } note
                sources { key locator }",
            create: json!({ "kind": "GRANT_POOL", "label": "Travel", "currency": "EUR" }),
            created: json!({ "kind": "GRANT_POOL", "label": "Travel", "partner": null,
                "amount": null, "note": null, "sources": [] }),
            edits: vec![
                (json!({ "label": "Trains" }), json!({ "label": "Trains" })),
                (
                    json!({ "partner": "zagreb" }),
                    json!({ "partner": { "key": "zagreb" } }),
                ),
                (
                    json!({ "amountMinor": 1_250_000_000_000_i64 }),
                    json!({ "amount": { "minor": 1_250_000_000_000_i64, "currency": "EUR" } }),
                ),
                (
                    json!({ "currency": "SEK" }),
                    json!({ "amount": { "minor": 1_250_000_000_000_i64, "currency": "SEK" } }),
                ),
                (json!({ "amountMinor": null }), json!({ "amount": null })),
                (
                    json!({ "note": "Estimated" }),
                    json!({ "note": "Estimated" }),
                ),
                recited,
            ],
        },
    ]
}

fn typenames(kinds: &[&str]) -> Vec<Value> {
    kinds
        .iter()
        .map(|kind| json!({ "__typename": kind }))
        .collect()
}

/// Puts the fields of one object over those of another.
fn over(under: &Value, fields: &Value) -> Value {
    let mut all = under.clone();
    for (name, value) in fields.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

/// A record, without its id and version.
fn told(record: &Value) -> Value {
    let mut fields = record.clone();
    let object = fields.as_object_mut().unwrap();
    object.remove("id");
    object.remove("version");
    fields
}

async fn node(api: &Api, noun: &Noun, id: &Value) -> Value {
    let query = format!(
        "query($id: ID!) {{ node(id: $id) {{ ... on {} {{ {} history {{ nodes {{ verb }} }} }} }} }}",
        noun.name, noun.read
    );
    let operation = Operation::new(&query).with_variables(json!({ "id": id }));
    let answer = serde_json::to_value(api.ask(Viewer::Operator, operation).await).unwrap();
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["node"].clone()
}

/// What a project's file says is read again as it was.
async fn survives_its_file(project: &Project) {
    let file = file::export(project);
    assert_eq!(file::read(&file.to_json()), Ok(file.clone()));
    let other = Api::empty().await;
    other.store.import(&file, Import::default()).await.unwrap();
    let again = other.store.project(project.key()).await.unwrap();
    assert_eq!(file::export(&again), file);
}

async fn project(api: &Api) -> std::sync::Arc<Project> {
    api.store.project("connection").await.unwrap()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn each_kind_of_record_is_created_edited_and_removed(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let operator = Viewer::Operator;
    let before = project(&api).await.rows().clone();
    let mut made = Vec::new();
    for noun in nouns() {
        let fields = format!("{} {{ id version {} }}", noun.field, noun.read);
        let mut input = noun.create.clone();
        input["project"] = json!("connection");
        input["key"] = json!("brand-new");
        let verb = format!("create{}", noun.name);
        let payload = done(&api, operator, &verb, &fields, input.clone()).await;
        let mut record = payload[noun.field].clone();
        let mut now = over(&noun.created, &json!({ "key": "brand-new" }));
        assert_eq!(told(&record), now, "{verb}");
        let payload = act(&api, operator, &verb, &fields, input.clone()).await;
        assert_eq!(problems(&payload), [("key", "TAKEN")], "{verb}");
        // Without a key it gets one.
        input["key"] = Value::Null;
        let payload = done(&api, operator, &verb, &fields, input).await;
        let spare = payload[noun.field].clone();
        assert!(spare["key"].is_string(), "{payload}");

        let verb = format!("edit{}", noun.name);
        let first = record["version"].clone();
        for (edit, read) in &noun.edits {
            let known = json!({ "id": record["id"], "expectedVersion": record["version"] });
            let payload = done(&api, operator, &verb, &fields, over(edit, &known)).await;
            // Members, topics and meetings have versions of their own.
            let is_list = ["members", "topics", "meetings"]
                .iter()
                .any(|list| !edit[*list].is_null());
            if !is_list {
                assert_ne!(payload[noun.field]["version"], record["version"], "{edit}");
            }
            record = payload[noun.field].clone();
            now = over(&now, read);
            assert_eq!(told(&record), now, "{verb} {edit}");
        }
        let stale = json!({ "id": record["id"], "expectedVersion": first });
        let late = over(&noun.edits[0].0, &stale);
        let payload = act(&api, operator, &verb, &fields, late).await;
        assert_eq!(
            problems(&payload),
            [("expectedVersion", "CONFLICT")],
            "{verb}"
        );
        assert_eq!(payload[noun.field], record);
        made.push((noun, record, spare));
    }

    is_as_loaded(&api, "connection").await;
    survives_its_file(&*project(&api).await).await;

    for (noun, record, spare) in &made {
        let verb = format!("remove{}", noun.name);
        let stale = json!({ "id": spare["id"], "expectedVersion": record["version"] });
        let payload = act(&api, operator, &verb, "project { key }", stale).await;
        assert_eq!(
            problems(&payload),
            [("expectedVersion", "CONFLICT")],
            "{verb}"
        );
        let known = json!({ "id": spare["id"], "expectedVersion": spare["version"] });
        let payload = done(&api, operator, &verb, "project { key }", known).await;
        assert_eq!(payload["project"]["key"], "connection");
        assert!(node(&api, noun, &spare["id"]).await.is_null(), "{verb}");
        let shown = node(&api, noun, &record["id"]).await;
        let edits = shown["history"]["nodes"].as_array().unwrap();
        assert_eq!(edits.len(), noun.edits.len() + 1, "{shown}");
        done(
            &api,
            operator,
            &verb,
            "project { key }",
            json!({ "id": record["id"] }),
        )
        .await;
    }
    let mut after = project(&api).await.rows().clone();
    after.project.revision = before.project.revision;
    after.project.next_plan_at = before.project.next_plan_at;
    assert_eq!(after, before, "what was removed leaves nothing behind");
    is_as_loaded(&api, "connection").await;

    // The audit tells every act: of each record, with what differed.
    let entries = audit_entry::Entity::find()
        .filter(audit_entry::Column::ProjectId.eq(project(&api).await.id()))
        .order_by_asc(audit_entry::Column::Revision)
        .all(api.store.db())
        .await
        .unwrap();
    for (noun, ..) in &made {
        let of = |verb: &str| {
            let verb = format!("{verb}{}", noun.name);
            entries
                .iter()
                .filter(move |entry| entry.verb == verb)
                .collect::<Vec<_>>()
        };
        let (created, edited, removed) = (of("create"), of("edit"), of("remove"));
        assert_eq!(created.len(), 2, "{}", noun.name);
        assert!(created[0].before.is_none() && created[0].kind == noun.name);
        assert_eq!(created[0].after.as_ref().unwrap()["key"], "brand-new");
        assert_eq!(edited.len(), noun.edits.len(), "{}", noun.name);
        assert!(
            edited.iter().all(|entry| entry.after.is_some()),
            "{}",
            noun.name
        );
        assert_eq!(removed.len(), 2, "{}", noun.name);
        assert!(removed.iter().all(|entry| entry.after.is_none()));
        assert_eq!(removed[1].before.as_ref().unwrap()["key"], "brand-new");
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn all_that_is_wrong_with_a_record_is_told_at_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let operator = Viewer::Operator;
    let before = project(&api).await.revision();
    let long = "x".repeat(301);
    for (noun, input, expected) in [
        (
            "ReminderRule",
            json!({ "key": "a b", "category": "DIGEST", "daysBefore": [7], "atTime": "25:00",
                "weekday": 8, "monthDay": 3, "audience": [], "usefulHours": 0 }),
            vec![
                ("key", "NOT_A_KEY"),
                ("daysBefore", "OUT_OF_RANGE"),
                ("monthDay", "OUT_OF_RANGE"),
                ("atTime", "OUT_OF_RANGE"),
                ("audience", "REQUIRED"),
                ("usefulHours", "OUT_OF_RANGE"),
                ("weekday", "OUT_OF_RANGE"),
            ],
        ),
        (
            "ReminderRule",
            json!({ "key": "weekly-digest", "category": "DIGEST", "audience": ["FUNDER"] }),
            vec![("key", "TAKEN"), ("weekday", "REQUIRED")],
        ),
        (
            "ReminderRule",
            json!({ "category": "PROGRESS_REPORT", "audience": ["FUNDER"], "usefulHours": 8761 }),
            vec![("usefulHours", "OUT_OF_RANGE"), ("monthDay", "REQUIRED")],
        ),
        (
            "ReminderRule",
            json!({ "category": "EXCHANGE_REMINDER", "audience": ["HOST"],
                "daysBefore": [1, -1, 731] }),
            vec![
                ("daysBefore.1", "OUT_OF_RANGE"),
                ("daysBefore.2", "OUT_OF_RANGE"),
            ],
        ),
        (
            "ReminderRule",
            json!({ "category": "EXCHANGE_REMINDER", "audience": ["HOST"] }),
            vec![("daysBefore", "REQUIRED")],
        ),
        (
            "ReminderRule",
            json!({ "category": "SIGN_IN", "audience": ["HOST"], "weekday": 1 }),
            vec![("category", "OUT_OF_RANGE")],
        ),
        (
            "Practice",
            json!({ "key": "moi", "name": long, "kind": " ", "partner": "nowhere",
                "facts": ["a", " "], "sources": [{ "source": "W01", "locator": " " },
                { "source": "nowhere" }] }),
            vec![
                ("key", "TAKEN"),
                ("partner", "NOT_FOUND"),
                ("sources.0.locator", "REQUIRED"),
                ("sources.1.source", "NOT_FOUND"),
                ("name", "TOO_LONG"),
                ("kind", "REQUIRED"),
                ("facts.1", "REQUIRED"),
            ],
        ),
        (
            "Forum",
            json!({ "name": [{ "locale": "?", "text": "x" }], "practice": "nowhere",
                "partner": "nowhere", "goals": [""], "stated": [{ "value": -1, "what": " ",
                "citation": { "source": "nowhere" } }],
                "members": [{ "kind": "ASSOCIATION", "state": "APPLIED" },
                    { "kind": "INDIVIDUAL", "name": "Ada", "state": "DECLINED",
                        "applied": "2021-05", "decided": "2021-04" }],
                "topics": [{ "title": " ", "proposedBy": "COORDINATOR" }],
                "meetings": [{ "place": " " }] }),
            vec![
                ("practice", "NOT_FOUND"),
                ("partner", "NOT_FOUND"),
                ("stated.0.citation.source", "NOT_FOUND"),
                ("members.0.name", "REQUIRED"),
                ("members.1.name", "OUT_OF_RANGE"),
                ("members.1.decided", "ENDS_BEFORE_START"),
                ("topics.0.title", "REQUIRED"),
                ("meetings.0.place", "REQUIRED"),
                ("name", "NOT_A_LANGUAGE"),
                ("goals.0", "REQUIRED"),
                ("stated.0.what", "REQUIRED"),
                ("stated.0.value", "OUT_OF_RANGE"),
            ],
        ),
        (
            "Note",
            json!({ "kind": "UNKNOWN", "topic": "", "readings": [{ "value": " ",
                "citation": { "source": "nowhere" } }],
                "about": ["partner:torino", "partner:nowhere", "source:W01"] }),
            vec![
                ("readings.0.citation.source", "NOT_FOUND"),
                ("about.1", "NOT_FOUND"),
                ("about.2", "NOT_FOUND"),
                ("topic", "REQUIRED"),
                ("readings.0.value", "REQUIRED"),
            ],
        ),
        (
            "Source",
            json!({ "key": "W01", "title": " ", "publisher": long, "address": "eurocities.eu" }),
            vec![
                ("key", "TAKEN"),
                ("title", "REQUIRED"),
                ("publisher", "TOO_LONG"),
                ("address", "NOT_A_URL"),
            ],
        ),
        (
            "Publication",
            json!({ "title": "", "url": "ftp://x", "community": "nowhere" }),
            vec![
                ("community", "NOT_FOUND"),
                ("title", "REQUIRED"),
                ("url", "NOT_A_URL"),
            ],
        ),
        (
            "Call",
            json!({ "title": "", "issued": "2021-05", "deadline": "2021-04-30", "places": 0,
                "formUrl": "x", "required": [""] }),
            vec![
                ("title", "REQUIRED"),
                ("deadline", "ENDS_BEFORE_START"),
                ("places", "OUT_OF_RANGE"),
                ("formUrl", "NOT_A_URL"),
                ("required.0", "REQUIRED"),
            ],
        ),
        (
            "Practice",
            json!({ "name": "Many", "kind": "service", "facts": vec!["x"; 501] }),
            vec![("facts", "OUT_OF_RANGE")],
        ),
        (
            "BudgetLine",
            json!({ "kind": "GRANT_POOL", "label": "", "partner": "nowhere", "amountMinor": -1,
                "currency": "Euro" }),
            vec![
                ("partner", "NOT_FOUND"),
                ("label", "REQUIRED"),
                ("amountMinor", "OUT_OF_RANGE"),
                ("currency", "OUT_OF_RANGE"),
            ],
        ),
        (
            "BudgetLine",
            json!({ "kind": "GRANT_POOL", "label": "All", "currency": "EUR",
                "amountMinor": 1_000_000_000_000_001_i64 }),
            vec![("amountMinor", "OUT_OF_RANGE")],
        ),
    ] {
        let verb = format!("create{noun}");
        let input = over(&input, &json!({ "project": "connection" }));
        let payload = act(&api, operator, &verb, "__typename", input).await;
        let mut found = problems(&payload);
        let mut expected = expected;
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{verb}");
    }
    assert_eq!(
        api.store.fresh("connection").await.unwrap().revision(),
        before
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_something_refers_to_is_not_removed(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let operator = Viewer::Operator;
    let create = |field: &'static str, fields: &'static str, input: Value| {
        let api = &api;
        async move {
            let input = over(&input, &json!({ "project": "connection" }));
            done(api, operator, field, fields, input).await
        }
    };
    let in_use = |field: &'static str, id: Value, by: &'static [&'static str]| {
        let api = &api;
        async move {
            let input = json!({ "id": id });
            let payload = act(api, operator, field, "__typename", input.clone()).await;
            if by.is_empty() {
                assert_eq!(problems(&payload), [("", ""); 0]);
                return;
            }
            assert_eq!(problems(&payload), [("id", "IN_USE")]);
            let words = payload["userErrors"][0]["message"].as_str().unwrap();
            let (_, named) = words.split_once(": ").unwrap();
            let named: Vec<_> = named.trim_end_matches('.').split(", ").collect();
            assert_eq!(named, by, "{words}");
        }
    };
    // Practices: seen at a visit, behind a forum, what a note is about.
    let query = "{ project(key: \"connection\") {
        practices { nodes { id key } } sources { nodes { id key } } } }";
    let data = api.data_as(operator, query).await;
    let id_of = |list: &str, key: &str| {
        let nodes = data["project"][list]["nodes"].as_array().unwrap();
        let found = nodes.iter().find(|node| node["key"] == key);
        found.unwrap_or_else(|| panic!("{key} is not on the page"))["id"].clone()
    };
    in_use(
        "removePractice",
        id_of("practices", "filoxenio"),
        &["cop1_w3"],
    )
    .await;
    let payload = create(
        "createPractice",
        "practice { id }",
        json!({ "key": "spare", "name": "Spare", "kind": "none" }),
    )
    .await;
    let spare = payload["practice"]["id"].clone();
    let payload = create(
        "createNote",
        "note { id }",
        json!({ "key": "n", "kind": "REMARK", "topic": "It", "about": [spare] }),
    )
    .await;
    let note = payload["note"]["id"].clone();
    let payload = create(
        "createForum",
        "forum { id }",
        json!({ "key": "f", "name": text("Forum"), "practice": "spare" }),
    )
    .await;
    let forum = payload["forum"]["id"].clone();
    in_use("removePractice", spare.clone(), &["f", "n"]).await;
    in_use("removeForum", forum, &[]).await;
    in_use("removePractice", spare.clone(), &["n"]).await;
    done(
        &api,
        operator,
        "editNote",
        "__typename",
        json!({ "id": note, "about": [] }),
    )
    .await;
    in_use("removePractice", spare, &[]).await;
    // Sources: whatever cites them, to the evidence of an output.
    let payload = create(
        "createSource",
        "source { id }",
        json!({ "key": "S", "title": "A source" }),
    )
    .await;
    let source = payload["source"]["id"].clone();
    create(
        "createCall",
        "__typename",
        json!({ "key": "c", "title": "Call", "sources": [{ "source": "S", "locator": "q1" }] }),
    )
    .await;
    create(
        "createBudgetLine",
        "__typename",
        json!({ "key": "b", "kind": "GRANT_POOL",
        "label": "Line", "currency": "EUR", "sources": [{ "source": source }] }),
    )
    .await;
    let output = api
        .data_as(
            operator,
            "{ project(key: \"connection\") {
        outputs(first: 1, filter: { kinds: [STAFF_EXCHANGE] }) { nodes { id key } } } }",
        )
        .await;
    let output = &output["project"]["outputs"]["nodes"][0];
    done(
        &api,
        operator,
        "addEvidence",
        "__typename",
        json!({ "output": output["id"],
        "proof": { "source": { "source": "S" } } }),
    )
    .await;
    done(
        &api,
        operator,
        "editNote",
        "__typename",
        json!({ "id": note,
        "readings": [{ "value": "so", "citation": { "source": "S" } }] }),
    )
    .await;
    let payload = act(
        &api,
        operator,
        "removeSource",
        "__typename",
        json!({ "id": source }),
    )
    .await;
    let words = payload["userErrors"][0]["message"].as_str().unwrap();
    for user in [output["key"].as_str().unwrap(), "b", "c", "n"] {
        assert!(words.contains(user), "{user} is not in {words}");
    }
    // Of many only some are named.
    let payload = act(
        &api,
        operator,
        "removeSource",
        "__typename",
        json!({ "id": id_of("sources", "SEED-000") }),
    )
    .await;
    assert!(
        payload["userErrors"][0]["message"]
            .as_str()
            .unwrap()
            .ends_with(", …."),
        "{payload}"
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn of_a_forum_s_members_only_those_that_differ_are_told_of(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let operator = Viewer::Operator;
    let member =
        |name: &str, state: &str| json!({ "kind": "ASSOCIATION", "name": name, "state": state });
    let payload = done(
        &api,
        operator,
        "createForum",
        "forum { id }",
        json!({
            "project": "connection", "key": "f", "name": text("Forum"),
            "members": [member("A", "ACCEPTED"), member("B", "APPLIED"), member("C", "APPLIED")],
            "topics": [{ "title": "T", "proposedBy": "COORDINATOR" }],
        }),
    )
    .await;
    let id = payload["forum"]["id"].clone();
    let rows = || async {
        let project = project(&api).await;
        let forum = project.forums.iter().find(|row| row.key == "f").unwrap().id;
        let members = project.members_of_forum(forum).iter();
        members
            .map(|row| (row.name.clone().unwrap(), row.id))
            .collect::<Vec<_>>()
    };
    let last = || async {
        let entries = audit_entry::Entity::find()
            .filter(audit_entry::Column::Verb.eq("editForum"))
            .order_by_desc(audit_entry::Column::Revision)
            .all(api.store.db())
            .await
            .unwrap();
        (entries[0].before.clone(), entries[0].after.clone())
    };
    let edit = |members: Vec<Value>| {
        let (api, id) = (&api, id.clone());
        async move {
            let input = json!({ "id": id, "members": members });
            let read = "forum { members { nodes { name state } } topics { totalCount } }";
            let payload = done(api, operator, "editForum", read, input).await;
            assert_eq!(payload["forum"]["topics"]["totalCount"], 1);
            let nodes = payload["forum"]["members"]["nodes"]
                .as_array()
                .unwrap()
                .clone();
            let members: Vec<_> = members
                .iter()
                .map(|one| json!({ "name": one["name"], "state": one["state"] }))
                .collect();
            assert_eq!(nodes, members);
        }
    };
    let old = rows().await;
    // One is accepted: its row stays, and its state alone is told.
    edit(vec![
        member("A", "ACCEPTED"),
        member("B", "ACCEPTED"),
        member("C", "APPLIED"),
    ])
    .await;
    assert_eq!(rows().await, old);
    assert_eq!(
        last().await,
        (
            Some(json!({ "forum_member": [{ "state": "APPLIED" }] })),
            Some(json!({ "forum_member": [{ "state": "ACCEPTED" }] })),
        )
    );
    // One leaves: the others are not touched.
    edit(vec![member("B", "ACCEPTED"), member("C", "APPLIED")]).await;
    assert_eq!(rows().await, old[1..]);
    let (before, after) = last().await;
    assert_eq!(before.unwrap()["forum_member"].as_array().unwrap().len(), 1);
    assert_eq!(after, None);
    // One comes: it stands at the end.
    edit(vec![
        member("B", "ACCEPTED"),
        member("C", "APPLIED"),
        member("D", "APPLIED"),
    ])
    .await;
    assert_eq!(rows().await[..2], old[1..]);
    let (before, after) = last().await;
    assert_eq!(before, None);
    assert_eq!(after.unwrap()["forum_member"].as_array().unwrap().len(), 1);
    // In another order, and twice the same: as it was given.
    let all = [
        member("D", "APPLIED"),
        member("B", "ACCEPTED"),
        member("E", "APPLIED"),
        member("B", "ACCEPTED"),
        member("C", "APPLIED"),
    ];
    edit(all.to_vec()).await;
    edit(all.iter().rev().cloned().collect()).await;
    edit(vec![]).await;
    edit(vec![member("A", "DECLINED")]).await;
    is_as_loaded(&api, "connection").await;
    survives_its_file(&*project(&api).await).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_a_forum_lists_keeps_its_row_wherever_it_stands(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let operator = Viewer::Operator;
    let member = |name: &str| json!({ "kind": "ASSOCIATION", "name": name, "state": "APPLIED" });
    let topic = |title: &str| json!({ "title": title, "proposedBy": "PARTICIPANT" });
    let meeting = |held: &str| json!({ "held": held });
    let lists = |names: [&[&str]; 3]| {
        let [members, topics, meetings] = names;
        json!({
            "members": members.iter().map(|name| member(name)).collect::<Vec<_>>(),
            "topics": topics.iter().map(|title| topic(title)).collect::<Vec<_>>(),
            "meetings": meetings.iter().map(|held| meeting(held)).collect::<Vec<_>>(),
        })
    };
    let new = lists([&["A", "B"], &["S", "T"], &["2020", "2021"]]);
    let new = over(
        &new,
        &json!({ "project": "connection", "key": "f", "name": text("Forum") }),
    );
    let payload = done(&api, operator, "createForum", "forum { id }", new).await;
    let id = payload["forum"]["id"].clone();
    // The id and the place of each entry, list by list.
    let rows = || async {
        let project = project(&api).await;
        let forum = project.forums.iter().find(|row| row.key == "f").unwrap().id;
        let rows = project.rows();
        let members = rows
            .forum_members
            .iter()
            .filter(|row| row.forum_id == forum);
        let topics = rows.forum_topics.iter().filter(|row| row.forum_id == forum);
        let meetings = rows
            .forum_meetings
            .iter()
            .filter(|row| row.forum_id == forum);
        [
            members
                .map(|row| (row.id.0, row.position))
                .collect::<Vec<_>>(),
            topics.map(|row| (row.id.0, row.position)).collect(),
            meetings.map(|row| (row.id.0, row.position)).collect(),
        ]
    };
    let edit = |names: [&[&str]; 3]| {
        let input = over(&lists(names), &json!({ "id": id }));
        done(&api, operator, "editForum", "__typename", input)
    };
    let old = rows().await;
    edit([
        &["X", "A", "B"],
        &["R", "S", "T"],
        &["2019", "2020", "2021"],
    ])
    .await;
    let longer = rows().await;
    for (old, new) in old.iter().zip(&longer) {
        let pushed: Vec<_> = old
            .iter()
            .map(|(id, position)| (*id, position + 1))
            .collect();
        assert_eq!(new[1..], pushed);
    }
    let entry = audit_entry::Entity::find()
        .filter(audit_entry::Column::Verb.eq("editForum"))
        .one(api.store.db())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(entry.before, None, "nothing went");
    let came = entry.after.unwrap();
    for table in ["forum_member", "forum_topic", "forum_meeting"] {
        assert_eq!(came[table].as_array().unwrap().len(), 1, "{came}");
    }

    // What follows one that goes moves up.
    edit([&["X", "B"], &["R", "T"], &["2019", "2021"]]).await;
    for (old, new) in longer.iter().zip(&rows().await) {
        assert_eq!(*new, [(old[0].0, 0), (old[2].0, 1)]);
    }
    is_as_loaded(&api, "connection").await;
    let file = file::export(&*project(&api).await);
    let again = api.store.import(&file, Import::default()).await.unwrap();
    assert_eq!(again.changes, []);
    survives_its_file(&*project(&api).await).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_changed_rule_plans_at_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let operator = Viewer::Operator;
    let rules = "{ project(key: \"connection\") { reminderRules { id key version } } }";
    let data = api.data_as(operator, rules).await;
    let rules = data["project"]["reminderRules"].as_array().unwrap();
    let id_of = |key: &str| rules.iter().find(|rule| rule["key"] == key).unwrap()["id"].clone();
    let due = || async {
        let project = project(&api).await;
        let (from, to) = ("2021-09-06T12:00:00Z", "2021-11-01T00:00:00Z");
        let all = plan::plan(&project, from.parse().unwrap(), to.parse().unwrap());
        let of = |key: &str| -> Vec<Due> {
            let rule = project
                .reminder_rules
                .iter()
                .find(|row| row.key == key)
                .unwrap()
                .id;
            all.iter().filter(|due| due.rule == rule).cloned().collect()
        };
        (of("exchange-reminder"), of("weekly-digest"))
    };
    let (reminders, digests) = due().await;
    assert!(!reminders.is_empty() && !digests.is_empty());
    // As a worker leaves it that has looked.
    let hint = "update project set next_plan_at = '2021-12-01T00:00:00Z' where key = 'connection'";
    sea_orm::ConnectionTrait::execute_unprepared(api.store.db(), hint)
        .await
        .unwrap();
    done(
        &api,
        operator,
        "editReminderRule",
        "__typename",
        json!({
            "id": id_of("exchange-reminder"), "daysBefore": [5], "atTime": "06:15",
        }),
    )
    .await;
    let row = entities::project::Entity::find()
        .filter(entities::project::Column::Key.eq("connection"))
        .one(api.store.db())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.next_plan_at, None, "the next look is now");
    let (changed, _) = due().await;
    assert!(!changed.is_empty());
    assert!(changed.iter().all(|due| due.occurrence.starts_with("5/")));
    assert!(
        changed
            .iter()
            .all(|due| due.due_at.format("%M").to_string() == "15")
    );
    // Off, and on again: as before.
    for enabled in [false, true] {
        done(
            &api,
            operator,
            "editReminderRule",
            "__typename",
            json!({
                "id": id_of("weekly-digest"), "enabled": enabled,
            }),
        )
        .await;
        let (_, now) = due().await;
        assert_eq!(now, if enabled { digests.clone() } else { Vec::new() });
    }
    // A new rule mails from now on, a removed one no more.
    let payload = done(
        &api,
        operator,
        "createReminderRule",
        "reminderRule { id }",
        json!({
            "project": "connection", "key": "late", "category": "EXCHANGE_REMINDER",
            "daysBefore": [3], "audience": ["COORDINATOR"],
        }),
    )
    .await;
    let late = || async {
        let (from, to) = ("2021-09-06T12:00:00Z", "2021-11-01T00:00:00Z");
        let all = plan::plan(
            &*project(&api).await,
            from.parse().unwrap(),
            to.parse().unwrap(),
        );
        all.iter()
            .filter(|due| due.occurrence.starts_with("3/"))
            .count()
    };
    assert!(late().await > 0);
    let id = json!({ "id": payload["reminderRule"]["id"] });
    done(&api, operator, "removeReminderRule", "__typename", id).await;
    assert_eq!(late().await, 0);
    // On Fridays, to the coordinator alone.
    done(
        &api,
        operator,
        "editReminderRule",
        "__typename",
        json!({
            "id": id_of("weekly-digest"), "weekday": 5, "audience": ["COORDINATOR"],
        }),
    )
    .await;
    let (_, fridays) = due().await;
    let project = project(&api).await;
    let coordinates = |row: &role::Model| row.kind == entities::RoleKind::Coordinator;
    assert!(!fridays.is_empty() && fridays.len() < digests.len());
    for due in fridays {
        assert_eq!(due.due_at.format("%a").to_string(), "Fri");
        assert!(project.roles_of(due.person).iter().any(coordinates));
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_an_import_brought_can_be_edited(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::bare(database);
    let file = tests::project::connection();
    api.store.import(&file, Import::default()).await.unwrap();
    // As an import of an older release left it, laxer than a mutation.
    let practice = &file.practices[0].key;
    let source = &file.sources[0].key;
    let call = &file.calls[0].key;
    let statements = [
        format!("update practice set name = '' where key = '{practice}'"),
        format!("update source set address = 'in a drawer' where key = '{source}'"),
        format!("update open_call set places = 0 where key = '{call}'"),
    ];
    let statements: Vec<_> = statements.iter().map(String::as_str).collect();
    api.rewrite("connection", &statements).await;
    let before = project(&api).await.revision();
    let query = "{ project(key: \"connection\", asOf: \"2022-12-31\") { reminderRules { id }
        practices(first: 100) { nodes { id } } forums { nodes { id } }
        notes(first: 100) { nodes { id } } sources(first: 100) { nodes { id } }
        publications { nodes { id } } calls { nodes { id } } budgetLines { nodes { id } } } }";
    let data = api.data_as(Viewer::Operator, query).await;
    let mut count = 0;
    for (list, name) in [
        ("reminderRules", "ReminderRule"),
        ("practices", "Practice"),
        ("forums", "Forum"),
        ("notes", "Note"),
        ("sources", "Source"),
        ("publications", "Publication"),
        ("calls", "Call"),
        ("budgetLines", "BudgetLine"),
    ] {
        let list = &data["project"][list];
        let nodes = list["nodes"].as_array().or(list.as_array()).unwrap();
        for node in nodes {
            let verb = format!("edit{name}");
            done(
                &api,
                Viewer::Operator,
                &verb,
                "__typename",
                json!({ "id": node["id"] }),
            )
            .await;
            count += 1;
        }
    }
    assert_eq!(count, 8 + 19 + 1 + 46 + 85 + 9 + 2 + 19);
    assert_eq!(
        project(&api).await.revision(),
        before,
        "nothing was changed"
    );
    // What is touched must be right.
    let first = &data["project"]["practices"]["nodes"][0]["id"];
    let input = json!({ "id": first, "note": "Which one?" });
    done(&api, Viewer::Operator, "editPractice", "__typename", input).await;
    let input = json!({ "id": first, "kind": " " });
    let payload = act(&api, Viewer::Operator, "editPractice", "__typename", input).await;
    assert_eq!(problems(&payload), [("kind", "REQUIRED")]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_expert_keeps_the_publications_of_their_community(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::bare(database);
    let mut file = tests::project::connection();
    file.communities[3].expert = Some("zurich".to_owned());
    api.store.import(&file, Import::default()).await.unwrap();
    let connection = project(&api).await;
    let migrationwork = connection.partner_by_key("migrationwork").unwrap().id;
    let of_theirs = |row: &&role::Model| {
        row.kind == entities::RoleKind::Expert && row.partner_id == Some(migrationwork)
    };
    let expert = signed_in(connection.roles.iter().find(of_theirs).unwrap().person_id);
    let new = |community: Value| {
        json!({
            "project": "connection", "title": "News", "community": community,
        })
    };
    let fields = "publication { id community { key } }";
    for community in [json!("cop4"), Value::Null, json!("nowhere")] {
        let payload = act(&api, expert, "createPublication", fields, new(community)).await;
        assert_eq!(problems(&payload), [("", "FORBIDDEN")], "{payload}");
    }
    let payload = done(
        &api,
        expert,
        "createPublication",
        fields,
        new(json!("cop1")),
    )
    .await;
    let id = payload["publication"]["id"].clone();
    let moved = |community: Value| json!({ "id": id, "community": community });
    done(
        &api,
        expert,
        "editPublication",
        fields,
        moved(json!("cop2")),
    )
    .await;
    for community in [json!("cop4"), Value::Null] {
        let payload = act(&api, expert, "editPublication", fields, moved(community)).await;
        assert_eq!(problems(&payload), [("", "FORBIDDEN")]);
    }
    // Given to another expert, it is theirs no more.
    done(
        &api,
        Viewer::Operator,
        "editPublication",
        fields,
        moved(json!("cop4")),
    )
    .await;
    for (verb, input) in [
        ("editPublication", json!({ "id": id, "title": "Mine" })),
        ("editPublication", moved(json!("cop1"))),
        ("removePublication", json!({ "id": id })),
    ] {
        let payload = act(&api, expert, verb, "__typename", input).await;
        assert_eq!(problems(&payload), [("", "FORBIDDEN")]);
    }
    let new = json!({ "project": "connection", "name": "Theirs", "kind": "service" });
    let payload = act(&api, expert, "createPractice", "__typename", new).await;
    assert_eq!(
        problems(&payload),
        [("", "FORBIDDEN")],
        "practices are the coordinator's"
    );
}
