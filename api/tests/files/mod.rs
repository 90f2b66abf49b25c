//! Evidence files: who sends and fetches them, how many, how large, and what they cost.

mod memory;
mod quota;
mod secrecy;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use api::{Config, Limits, Operation, endpoint};
use domain::{
    account::token,
    actor::Actor,
    clock::Clock,
    command::Import,
    file::ProjectFile,
    files::Files,
    record::{Person, Role},
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{DigestFrequency, PersonKind, RoleKind, upload};
use poem::{
    Endpoint, Response,
    http::StatusCode,
    test::{TestClient, TestResponse},
};
use rstest::rstest;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{Backend, TestDatabase, project};

use crate::support::{Api, link_key};

const LARGEST: usize = 100_000;

/// The output that torino leads.
const LEG: &str = "x_torino_anci_piemonte_leg1";

pub fn person(key: &str, role: RoleKind, partner: Option<&str>) -> Person {
    Person {
        key: key.to_owned(),
        kind: PersonKind::Human,
        name: None,
        address: Some(format!("{key}@people.example")),
        locale: "en".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        digest: DigestFrequency::Never,
        digest_hour: 8,
        paused_until: None,
        roles: vec![Role {
            kind: role,
            partner: partner.map(str::to_owned),
            from: None,
            until: None,
        }],
    }
}

/// CONNECTION, where torino leads a leg, with somebody of each role.
pub fn staffed() -> ProjectFile {
    let mut file = project::connection();
    project::output(&mut file, LEG).lead = Some("torino".to_owned());
    project::output(&mut file, LEG).history.clear();
    file.people.extend([
        person("reader", RoleKind::Viewer, None),
        person("funds", RoleKind::Funder, None),
        person("city", RoleKind::Partner, Some("torino")),
        person("expert", RoleKind::Expert, Some("migrationwork")),
        person("steers", RoleKind::Coordinator, Some("eurocities")),
        person("left", RoleKind::Partner, Some("torino")),
    ]);
    file
}

/// The secret of a token that may write, of somebody in a project.
pub async fn token(store: &Store, person: &str, project: &str) -> String {
    let project = store.fresh(project).await.unwrap();
    let mut people = project.people.iter();
    let id = people.find(|row| row.key == person).unwrap().id;
    let keeper = Viewer::Operator.keeper_of(id).unwrap();
    let wanted = token::NewToken {
        name: "tests".to_owned(),
        days: 30,
        may_write: true,
        sees_people: true,
    };
    let actor = Actor::new(Viewer::Operator);
    let issued = token::create(store, &actor, &keeper, &project, wanted).await;
    issued.unwrap().secret.unwrap()
}

/// The API over a project, with a folder of files.
struct World {
    api: Api,
    folder: tempfile::TempDir,
    tokens: BTreeMap<&'static str, String>,
}

impl World {
    async fn over(database: TestDatabase) -> Self {
        let api = Api::bare(database);
        let file = staffed();
        api.store.import(&file, Import::default()).await.unwrap();
        let mut tokens = BTreeMap::new();
        for person in ["reader", "funds", "city", "expert", "steers", "left"] {
            tokens.insert(person, token(&api.store, person, "connection").await);
        }
        let sql = "delete from role where person_id in (select id from person where key = 'left')";
        api.store.db().execute_unprepared(sql).await.unwrap();
        let sql = "update project set revision = revision + 1";
        api.store.db().execute_unprepared(sql).await.unwrap();
        api.store.fresh("connection").await.unwrap();
        Self {
            api,
            folder: tempfile::tempdir().unwrap(),
            tokens,
        }
    }

    fn client(&self, limits: Limits) -> Client<impl Endpoint<Output = Response> + use<>> {
        Client(TestClient::new(endpoint(Config {
            files: Some(Files::in_folder(self.folder.path(), LARGEST)),
            limits,
            ..Config::new(Arc::clone(&self.api.store), link_key())
        })))
    }

    async fn uploads(&self) -> u64 {
        let uploads = upload::Entity::find().count(self.api.store.db()).await;
        uploads.unwrap()
    }

    /// How many files there are in the folder, also half-written ones.
    fn files(&self) -> usize {
        fn count(folder: &Path) -> usize {
            let entries = std::fs::read_dir(folder).unwrap().flatten();
            entries
                .map(|entry| match entry.path() {
                    path if path.is_dir() => count(&path),
                    _ => 1,
                })
                .sum()
        }
        count(self.folder.path())
    }

    /// The id of torino's leg.
    async fn leg(&self) -> String {
        let query = "{ project(key: \"connection\") { outputs(first: 100, filter: { kinds: [STAFF_EXCHANGE] }) {
            nodes { id key } } } }";
        let data = self.api.data(query).await;
        let outputs = data["project"]["outputs"]["nodes"].as_array().unwrap();
        let leg = outputs.iter().find(|one| one["key"] == LEG).unwrap();
        leg["id"].as_str().unwrap().to_owned()
    }

    /// A person as a session would show them.
    async fn signed_in(&self, key: &str) -> Viewer {
        let people = entities::person::Entity::find().all(self.api.store.db());
        let people = people.await.unwrap();
        Viewer::Person(SignedIn {
            person: people.iter().find(|row| row.key == key).unwrap().id,
            by: Credential::Session(uuid::Uuid::from_u128(1).into()),
        })
    }

    async fn add(&self, viewer: Viewer, output: &str, upload: &str) -> Value {
        let add = "mutation($id: ID!, $upload: ID!) {
            addEvidence(input: { output: $id, proof: { upload: $upload } }) {
                output { evidence { id sha256 downloadPath } } userErrors { field code message } } }";
        let variables = json!({ "id": output, "upload": upload });
        let operation = Operation::new(add).with_variables(variables);
        serde_json::to_value(self.api.ask(viewer, operation).await).unwrap()
    }
}

struct Client<E>(TestClient<E>);

impl<E: Endpoint<Output = Response>> Client<E> {
    async fn send(
        &self,
        path: &str,
        token: &str,
        said: &str,
        body: impl Into<Vec<u8>>,
    ) -> TestResponse {
        let request = self.0.post(path);
        let request = request.header("authorization", format!("Bearer {token}"));
        request.content_type(said).body(body.into()).send().await
    }
}

async fn body_of(response: TestResponse) -> (StatusCode, Value) {
    let status = response.0.status();
    let bytes = response.0.into_body().into_bytes().await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn code_of(response: TestResponse) -> (u16, String) {
    let (status, body) = body_of(response).await;
    let code = body["errors"][0]["extensions"]["code"].as_str();
    (status.as_u16(), code.unwrap_or_default().to_owned())
}

const PDF: &[u8] = b"%PDF-1.7 the list of those present";

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn only_who_may_add_evidence_sends_files(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let client = world.client(Limits::default());
    let leg = world.leg().await;
    for (path, named) in [
        ("/uploads".to_owned(), false),
        ("/uploads?project=connection".to_owned(), true),
        (format!("/uploads?output={leg}"), true),
    ] {
        for (person, may) in [
            ("reader", false),
            ("funds", false),
            ("left", false),
            ("city", true),
            ("expert", true),
            ("steers", true),
        ] {
            let sent = client.send(&path, &world.tokens[person], "", PDF).await;
            let (status, code) = code_of(sent).await;
            let expected = match may {
                true => (201, ""),
                false => (403, "FORBIDDEN"),
            };
            assert_eq!((status, code.as_str()), expected, "{person} {path} {named}");
        }
    }
    let none = client.0.post("/uploads").body(PDF).send().await;
    assert_eq!(code_of(none).await, (401, "UNAUTHENTICATED".to_owned()));
    for path in ["/uploads?project=other", "/uploads?output=none"] {
        let sent = client.send(path, &world.tokens["steers"], "", PDF).await;
        assert_eq!(code_of(sent).await, (404, "NOT_FOUND".to_owned()), "{path}");
    }
    assert_eq!(world.uploads().await, 9);
    assert_eq!(world.files(), 1);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_no_file_that_is_taken_is_refused_and_leaves_nothing(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let client = world.client(Limits::default());
    let token = &world.tokens["city"];
    let form = "--x\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\n%PDF-1.7\r\n--x--\r\n";
    let long = vec![b'a'; LARGEST + 1];
    for (said, body, expected) in [
        ("application/pdf", &b""[..], (400, "EMPTY_FILE")),
        (
            "multipart/form-data; boundary=x",
            form.as_bytes(),
            (415, "UNSUPPORTED_MEDIA_TYPE"),
        ),
        ("application/pdf", b"<html><script>", (415, "FILE_TYPE")),
        ("text/plain", &long, (413, "TOO_LARGE")),
    ] {
        let sent = client.send("/uploads", token, said, body).await;
        let (status, code) = code_of(sent).await;
        assert_eq!((status, code.as_str()), expected, "{said}");
    }
    // What is too large by its own length is not read.
    let announced = client.0.post("/uploads");
    let announced = announced.header("authorization", format!("Bearer {token}"));
    let announced = announced.header("content-length", (LARGEST + 1).to_string());
    let (status, _) = code_of(announced.body(PDF).send().await).await;
    assert_eq!(status, 413);
    // Half a file, of a client that is gone.
    let gone = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let half = futures::stream::iter([Ok(bytes::Bytes::from_static(PDF)), Err(gone)]);
    let broken = client.0.post("/uploads");
    let broken = broken.header("authorization", format!("Bearer {token}"));
    let broken = broken
        .body(poem::Body::from_bytes_stream(half))
        .send()
        .await;
    assert_eq!(code_of(broken).await, (400, "BAD_REQUEST".to_owned()));
    assert_eq!((world.uploads().await, world.files()), (0, 0));
    // A text is a text, whatever it begins with.
    let sent = client
        .send("/uploads", token, "text/plain", "BMI is a figure")
        .await;
    let (status, body) = body_of(sent).await;
    assert_eq!(
        (status.as_u16(), body["mediaType"].as_str()),
        (201, Some("text/plain"))
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_upload_is_paid_before_it_is_read(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let client = world.client(Limits {
        viewer_rate: 1,
        viewer_burst: 20_000,
        ..Limits::default()
    });
    // One that nobody may send is paid for, too.
    for person in ["city", "left"] {
        let token = &world.tokens[person];
        let mut codes = Vec::new();
        for _ in 0..3 {
            let sent = client.send("/uploads", token, "text/plain", "a text").await;
            codes.push(code_of(sent).await.0);
        }
        let first = if person == "city" { 201 } else { 403 };
        assert_eq!(codes, [first, 429, 429], "{person}");
    }
    let unread = futures::stream::poll_fn(
        |_| -> std::task::Poll<Option<std::io::Result<bytes::Bytes>>> {
            panic!("the body was read")
        },
    );
    let request = client.0.post("/uploads");
    let request = request.header("authorization", format!("Bearer {}", world.tokens["city"]));
    let sent = request
        .body(poem::Body::from_bytes_stream(unread))
        .send()
        .await;
    assert_eq!(code_of(sent).await, (429, "RATE_LIMITED".to_owned()));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_file_that_arrives_slowly_takes_the_place_of_no_other_person(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let client = Arc::new(world.client(Limits {
        transfers: 2,
        transfers_each: 1,
        ..Limits::default()
    }));
    let slow = |person: &str| {
        let (client, token) = (Arc::clone(&client), world.tokens[person].clone());
        let (more, pieces) = futures::channel::mpsc::unbounded();
        more.unbounded_send(Ok::<_, std::io::Error>(bytes::Bytes::from_static(PDF)))
            .unwrap();
        let sending = tokio::spawn(async move {
            let request = client.0.post("/uploads");
            let request = request.header("authorization", format!("Bearer {token}"));
            let sent = request
                .body(poem::Body::from_bytes_stream(pieces))
                .send()
                .await;
            code_of(sent).await.0
        });
        (more, sending)
    };
    let arriving = async |count: usize| {
        while world.files() < count {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let quick = async |person: &str| {
        code_of(
            client
                .send("/uploads", &world.tokens[person], "", PDF)
                .await,
        )
        .await
    };
    let (city, city_sending) = slow("city");
    arriving(1).await;
    let own = (429, "TOO_MANY_FILES_AT_ONCE".to_owned());
    assert_eq!(quick("city").await, own);
    let (expert, expert_sending) = slow("expert");
    arriving(2).await;
    let all = (503, "TOO_MANY_FILES_AT_ONCE".to_owned());
    assert_eq!(quick("steers").await, all);
    // One of them arrives, another is given up.
    drop(city);
    assert_eq!(city_sending.await.unwrap(), 201);
    expert_sending.abort();
    assert!(expert_sending.await.unwrap_err().is_cancelled());
    drop(expert);
    assert_eq!(quick("steers").await.0, 201);
    assert_eq!(world.files(), 1);
}
