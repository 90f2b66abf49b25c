//! Entries of lists are added, edited and removed by themselves, each at a version of its own: nobody
//! takes away what others wrote. On both databases.

use api::Operation;
use domain::viewer::Viewer;
use entities::audit_entry;
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tests::Backend;

use crate::support::Api;

/// An open visit of CONNECTION, and an output that is verified.
const VISIT: &str = "cop1_w3";

async fn ask(api: &Api, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    let answer = Box::pin(api.ask(Viewer::Operator, operation)).await;
    let answer = serde_json::to_value(answer).unwrap();
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].clone()
}

/// Asks for a mutation and gives its payload.
async fn act(api: &Api, mutation: &str, fields: &str, input: Value) -> Value {
    let head = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!(
        "mutation($input: {head}Input!) {{ {mutation}(input: $input) {{ {fields}
            userErrors {{ field code }} }} }}"
    );
    ask(api, &document, json!({ "input": input })).await[mutation].clone()
}

async fn done(api: &Api, mutation: &str, fields: &str, input: Value) -> Value {
    let payload = act(api, mutation, fields, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{mutation}");
    payload
}

/// The field and the code of the one problem of a mutation.
async fn problem(api: &Api, mutation: &str, fields: &str, input: Value) -> (String, String) {
    let payload = act(api, mutation, fields, input).await;
    let errors = payload["userErrors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{mutation}: {payload}");
    let text = |name: &str| errors[0][name].as_str().unwrap_or_default().to_owned();
    (text("field"), text("code"))
}

fn at(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

/// What an output says of its learning, with the versions.
const OUTPUT: &str = "output { id version learningVersion participantsVersion
    challenges { ...L } advice { ...L } lessons { ...L } }";

const LEARNING: &str = "id version kind body partner { key }";

async fn output(api: &Api, key: &str) -> Value {
    let query = format!(
        "{{ project(key: \"connection\") {{ outputs(first: 100) {{ nodes {{ id key version state
            learningVersion participantsVersion
            challenges {{ {LEARNING} }} advice {{ {LEARNING} }} lessons {{ {LEARNING} }} }} }} }} }}"
    );
    let data = ask(api, &query, json!({})).await;
    let all = data["project"]["outputs"]["nodes"].as_array().unwrap();
    all.iter().find(|one| one["key"] == key).unwrap().clone()
}

fn with(fields: &str) -> String {
    fields.replace("...L", LEARNING)
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_lesson_takes_no_challenge_or_advice_away(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let before = output(&api, VISIT).await;
    let id = before["id"].clone();
    let add = |kind: &str, body: &str| json!({ "output": id, "kind": kind, "body": body });
    let fields = format!("learning {{ {LEARNING} }} {}", with(OUTPUT));
    let mut entries = Vec::new();
    for (kind, body) in [
        ("CHALLENGE", "How to reach newcomers?"),
        ("ADVICE", "Ask the associations"),
        ("LESSON", "Begin early"),
    ] {
        let payload = done(&api, "addLearning", &fields, add(kind, body)).await;
        assert_eq!(payload["learning"]["body"], body);
        assert_eq!(
            payload["output"]["version"], before["version"],
            "its own fields stay"
        );
        assert_ne!(
            payload["output"]["learningVersion"],
            before["learningVersion"]
        );
        assert_eq!(
            payload["output"]["participantsVersion"],
            before["participantsVersion"]
        );
        entries.push(payload["learning"].clone());
    }
    let after = output(&api, VISIT).await;
    for list in ["challenges", "advice", "lessons"] {
        let (old, new) = (
            before[list].as_array().unwrap(),
            after[list].as_array().unwrap(),
        );
        assert_eq!(&new[..old.len()], &old[..], "{list}");
        assert_eq!(new.len(), old.len() + 1, "{list}");
    }

    // An edit takes the entry's own version, whatever happened to others.
    let edit = json!({ "id": entries[1]["id"], "expectedVersion": entries[1]["version"],
        "body": "Ask the associations first" });
    let edited = done(&api, "editLearning", &fields, edit.clone()).await;
    assert_eq!(edited["learning"]["kind"], "ADVICE");
    assert_eq!(edited["learning"]["body"], "Ask the associations first");
    let payload = act(&api, "editLearning", &fields, edit).await;
    assert_eq!(payload["userErrors"][0]["code"], "CONFLICT");
    assert_eq!(payload["learning"], edited["learning"], "its current state");

    // Those behind a removed entry move up, and are the same entries at the same version.
    let stale = json!({ "id": entries[0]["id"], "expectedVersion": "stale" });
    let field = at("expectedVersion", "CONFLICT");
    assert_eq!(problem(&api, "removeLearning", "", stale).await, field);
    let input = json!({ "id": entries[0]["id"], "expectedVersion": entries[0]["version"] });
    done(&api, "removeLearning", "", input).await;
    let after = output(&api, VISIT).await;
    let lessons = after["lessons"].as_array().unwrap();
    assert_eq!(lessons.last().unwrap(), &entries[2]);
    let project = api.store.project("connection").await.unwrap();
    let row = project.outputs.iter().find(|row| row.key == VISIT).unwrap();
    let places: Vec<_> = project
        .learnings_of(row.id)
        .iter()
        .map(|row| row.position)
        .collect();
    assert_eq!(places, (0..).take(places.len()).collect::<Vec<_>>());

    let audit = audit_entry::Entity::find()
        .filter(audit_entry::Column::Verb.eq("removeLearning"))
        .one(api.store.db())
        .await
        .unwrap()
        .unwrap();
    let gone = audit.before.unwrap();
    assert_eq!(
        gone["learning"][0]["body"], "How to reach newcomers?",
        "{gone}"
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn who_replaces_a_list_gives_the_version_of_the_list(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let id = output(&api, VISIT).await["id"].clone();
    let lesson = |body: &str| json!([{ "kind": "LESSON", "body": body }]);
    let add = json!({ "output": id, "kind": "ADVICE", "body": "Ask" });
    done(&api, "addLearning", "", add.clone()).await;
    let read = output(&api, VISIT).await;

    let blind = json!({ "id": id, "learning": lesson("One") });
    let field = at("learningVersion", "REQUIRED");
    assert_eq!(problem(&api, "editOutput", "", blind).await, field);
    done(&api, "addLearning", "", add).await;
    let late = json!({ "id": id, "learning": lesson("One"),
        "learningVersion": read["learningVersion"], "expectedVersion": read["version"] });
    let field = at("learningVersion", "CONFLICT");
    assert_eq!(problem(&api, "editOutput", "", late).await, field);
    let read = output(&api, VISIT).await;
    assert_eq!(read["advice"].as_array().unwrap().len(), 2, "nothing went");
    let right = json!({ "id": id, "learning": lesson("One"),
        "learningVersion": read["learningVersion"] });
    done(&api, "editOutput", "", right).await;
    let read = output(&api, VISIT).await;
    assert_eq!(read["advice"], json!([]));
    assert_eq!(read["lessons"][0]["body"], "One");
    // An empty list needs none.
    let empty = json!({ "id": id, "agenda": [] , "learning": [], "learningVersion": read["learningVersion"] });
    let payload = act(&api, "editOutput", "", empty).await;
    assert_ne!(
        payload["userErrors"][0]["field"], "learningVersion",
        "{payload}"
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_entry_belongs_where_its_list_is_and_what_was_accepted_stays(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let id = output(&api, VISIT).await["id"].clone();
    let measure = json!({ "output": id, "title": "A desk" });
    let field = at("output", "WRONG_KIND");
    assert_eq!(problem(&api, "addMeasure", "", measure).await, field);
    let nobody = json!({ "output": id });
    assert_eq!(
        problem(&api, "addParticipant", "", nobody).await,
        at("", "REQUIRED")
    );
    let stranger = json!({ "output": id, "person": "nobody" });
    assert_eq!(
        problem(&api, "addParticipant", "", stranger).await,
        at("person", "NOT_FOUND")
    );

    let lesson = json!({ "output": id, "kind": "LESSON", "body": "Begin early" });
    let fields = format!("learning {{ {LEARNING} }}");
    let entry = done(&api, "addLearning", &fields, lesson.clone()).await["learning"].clone();
    let cancel = json!({ "id": id, "reason": "Not this year" });
    done(&api, "cancelOutput", "", cancel).await;
    let closed = at("id", "WRONG_STATE");
    let participant = json!({ "output": id, "who": "Students" });
    assert_eq!(
        problem(&api, "addParticipant", "", participant).await,
        closed
    );
    let remove = json!({ "id": entry["id"] });
    assert_eq!(problem(&api, "removeLearning", "", remove).await, closed);
    // What was learned may still be added.
    done(&api, "addLearning", "", lesson).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn members_topics_and_meetings_of_a_forum_are_entries_too(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let query = "{ project(key: \"connection\") { forums { nodes { id version membersVersion
        members { nodes { id name state } } topics { nodes { title } }
        meetings { nodes { place } } } } } }";
    let forum =
        || async { ask(&api, query, json!({})).await["project"]["forums"]["nodes"][0].clone() };
    let before = forum().await;
    let id = &before["id"];
    let fields = "forumMember { id version name state } forum { version membersVersion }";
    let applies =
        json!({ "forum": id, "kind": "ASSOCIATION", "name": "Bridge", "state": "APPLIED" });
    let payload = done(&api, "addForumMember", fields, applies).await;
    assert_eq!(payload["forum"]["version"], before["version"]);
    assert_ne!(payload["forum"]["membersVersion"], before["membersVersion"]);
    let member = payload["forumMember"].clone();
    let accepts = json!({ "id": member["id"], "expectedVersion": member["version"],
        "state": "ACCEPTED", "decided": "2021-05" });
    let payload = done(&api, "editForumMember", fields, accepts).await;
    assert_eq!(payload["forumMember"]["state"], "ACCEPTED");
    assert_eq!(
        payload["forumMember"]["name"], "Bridge",
        "what is left out stays"
    );
    let topic = json!({ "forum": id, "title": "Schools", "proposedBy": "PARTICIPANT" });
    let topic = done(&api, "addForumTopic", "forumTopic { id }", topic).await;
    let meeting = json!({ "forum": id, "held": "2021-06", "place": "Hall" });
    done(&api, "addForumMeeting", "", meeting).await;
    let after = forum().await;
    assert_eq!(after["members"]["nodes"][0]["name"], "Bridge");
    assert_eq!(after["topics"]["nodes"][0]["title"], "Schools");
    assert_eq!(after["meetings"]["nodes"][0]["place"], "Hall");
    let gone = json!({ "id": topic["forumTopic"]["id"] });
    done(&api, "removeForumTopic", "", gone).await;
    assert_eq!(forum().await["topics"]["nodes"], json!([]));
}
