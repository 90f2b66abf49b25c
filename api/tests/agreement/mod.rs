//! What several projects show is changed by agreement, and nobody learns of others by adding them. By
//! the API alone, on both databases.

mod closed;
mod meeting;
mod walk;

use crate::support::Api;
use api::Operation;
use domain::{
    account::user::{self, NewUser},
    actor::Actor,
    command::Import,
    file::ProjectFile,
    progress::{self, Scope},
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{PersonId, RoleKind};
use serde_json::{Value, json};
use tests::{TestDatabase, project};
use uuid::Uuid;

/// The API with CONNECTION, open to everyone or closed.
async fn with_connection(database: TestDatabase, is_public: bool) -> Api {
    let api = Api::bare(database);
    let mut file = project::connection();
    file.project.public = is_public;
    api.store.import(&file, Import::default()).await.unwrap();
    api
}

/// Another project of the same organisations, with a coordinator of its own.
async fn other_project(api: &Api, key: &str, is_public: bool) -> Viewer {
    let mut file = ProjectFile::empty(project::connection().project);
    file.project.key = key.to_owned();
    file.project.public = is_public;
    file.project.sources = Default::default();
    file.project.websites = Default::default();
    file.project.related = Default::default();
    file.organisations = project::connection().organisations;
    file.partners = project::connection().partners;
    for partner in &mut file.partners {
        partner.basis = Default::default();
        partner.sources = Default::default();
        partner.note = None;
    }
    api.store.import(&file, Import::default()).await.unwrap();
    let coordinator = format!("{key}@cities.example");
    person(api, &coordinator, Some((key, RoleKind::Coordinator))).await
}

/// Somebody with an address, who may begin projects if they have no role.
async fn person(api: &Api, address: &str, role: Option<(&str, RoleKind)>) -> Viewer {
    let new = NewUser {
        key: None,
        name: Some(format!("Somebody {address}")),
        address: Some(address.to_owned()),
        locale: "hr".to_owned(),
        time_zone: "Europe/Zagreb".to_owned(),
        may_create_projects: role.is_none(),
        role: role.map(|(key, kind)| (key.to_owned(), kind)),
    };
    let row = user::add(&api.store, &Actor::COMMAND, new).await.unwrap();
    signed_in(row.id)
}

fn signed_in(person: PersonId) -> Viewer {
    Viewer::Person(SignedIn {
        person,
        by: Credential::Session(Uuid::from_u128(1).into()),
    })
}

/// Somebody who begins a project of their own.
async fn stranger(api: &Api) -> Viewer {
    let viewer = person(api, "stranger@elsewhere.example", None).await;
    let input = json!({
        "key": "riverside", "acronym": "RIVERSIDE",
        "name": [{ "locale": "en", "text": "Riverside" }],
        "programme": { "key": "amif" }, "startsOn": "2021-01-01", "endsOn": "2022-12-31",
        "timeZone": "Europe/Rome", "defaultLocale": "en",
    });
    done(api, viewer, "createProject", "project { id }", input).await;
    viewer
}

/// Who coordinates CONNECTION.
async fn coordinator(api: &Api) -> Viewer {
    let address = "coordinator@connection.example";
    person(api, address, Some(("connection", RoleKind::Coordinator))).await
}

async fn ask(api: &Api, viewer: Viewer, document: &str, variables: Value) -> Value {
    let answer = try_ask(api, viewer, document, variables).await;
    assert!(answer["errors"].is_null(), "{document}: {answer}");
    answer["data"].clone()
}

async fn try_ask(api: &Api, viewer: Viewer, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    let response = Box::pin(api.ask(viewer, operation)).await;
    serde_json::to_value(response).unwrap()
}

/// Asks for a mutation; gives its payload.
async fn act(api: &Api, viewer: Viewer, name: &str, fields: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{
            {fields} userErrors {{ field code }} warnings {{ code }} }} }}"
    );
    ask(api, viewer, &document, json!({ "input": input })).await[name].clone()
}

async fn done(api: &Api, viewer: Viewer, name: &str, fields: &str, input: Value) -> Value {
    let payload = act(api, viewer, name, fields, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{name}");
    payload
}

/// A mutation that is refused with one problem: its field and its code.
async fn refused(api: &Api, viewer: Viewer, name: &str, input: Value) -> (String, String) {
    let payload = act(api, viewer, name, "", input).await;
    let errors = payload["userErrors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{name}: {payload}");
    let text = |field: &str| errors[0][field].as_str().unwrap_or_default().to_owned();
    (text("field"), text("code"))
}

fn at(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

/// Adds a known organisation to a project; gives its id there.
async fn join(api: &Api, viewer: Viewer, project: &str, organisation: &str) -> Value {
    let input = json!({ "project": project, "organisation": organisation, "kind": "FELLOW_CITY" });
    let fields = "partner { organisation { id } }";
    let payload = done(api, viewer, "addPartner", fields, input).await;
    payload["partner"]["organisation"]["id"].clone()
}

/// The id of an organisation in a project.
async fn organisation(api: &Api, project: &str, key: &str) -> Value {
    let project = api.store.fresh(project).await.unwrap();
    let mut all = project.organisations.iter();
    let row = all.find(|row| row.key == key).unwrap();
    domain::record::NodeId::encode("Organisation", project.id(), row.id).into()
}

/// What a project says an organisation is called.
async fn name_in(api: &Api, project: &str, key: &str) -> String {
    let project = api.store.fresh(project).await.unwrap();
    let mut all = project.organisations.iter();
    all.find(|row| row.key == key).unwrap().name.clone()
}

/// The proposals about shared records that a project shows its coordinator, the last one last.
async fn proposals(api: &Api, viewer: Viewer, project: &str) -> Vec<Value> {
    let query = "query($key: String!) { project(key: $key) { sharedProposals { nodes {
        id state kind isAsked reason until answer agreedAt organisation { key }
        person { id } decidedBy { id } by { key }
        changes { field from to } } } } }";
    let answer = ask(api, viewer, query, json!({ "key": project })).await;
    let nodes = &answer["project"]["sharedProposals"]["nodes"];
    nodes.as_array().unwrap().clone()
}

async fn last(api: &Api, viewer: Viewer, project: &str) -> Value {
    proposals(api, viewer, project).await.pop().unwrap()
}

/// The member states that CONNECTION counts on its last day.
async fn member_states(api: &Api) -> Option<i64> {
    let project = api.store.fresh("connection").await.unwrap();
    let mut targets = project.targets.iter();
    let target = targets.find(|row| row.key == "member_states").unwrap();
    let last = project.project.ends_on.into();
    progress::figure(&project, target, last, Scope::Project).reported
}
