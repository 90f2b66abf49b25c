//! Two API processes over PostgreSQL and Redis: subscribers of both hear of what another process
//! wrote.

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use reqwest::Response;
use serde_json::{Value, json};
use tests::{TestDatabase, project::connection};
use tokio::time::timeout;

use crate::{
    process::{OwnRedis, Running, binary, free_port},
    sign_in::printed,
};

const SOON: Duration = Duration::from_secs(60);
/// A second is what is promised; a busy machine gets some more.
const PROMISED: Duration = Duration::from_secs(5);

const LINK_KEY: &str = "0123456789abcdef0123456789abcdef";

/// A process of the API.
struct Served {
    api: Running,
    address: String,
}

impl Served {
    fn start(settings: impl Fn(&mut Command)) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let mut command = binary("api");
        settings(&mut command);
        command.env("LINK_KEY", LINK_KEY).env("LISTEN", &address);
        let mut api = Running::start(command);
        api.line_with(&format!("http://{address}"), SOON);
        Self { api, address }
    }

    /// Changes the project's acronym; when that was answered.
    async fn renames(&self, token: &str, acronym: &str) -> Instant {
        let client = reqwest::Client::new();
        let ask = async |query: String| -> Value {
            let request = client.post(format!("http://{}/graphql", self.address));
            let request = request.bearer_auth(token).json(&json!({ "query": query }));
            request.send().await.unwrap().json().await.unwrap()
        };
        let found = ask(r#"{ project(key: "connection") { id } }"#.to_owned()).await;
        let id = &found["data"]["project"]["id"];
        let input = format!("{{ id: {id}, acronym: {acronym:?} }}");
        let document = format!("editProject(input: {input}) {{ userErrors {{ code }} }}");
        let answer = ask(format!("mutation {{ {document} }}")).await;
        let errors = &answer["data"]["editProject"]["userErrors"];
        assert_eq!(errors, &json!([]), "{answer}");
        Instant::now()
    }

    async fn follow(&self) -> Follower {
        let query = r#"subscription { projectChanged(key: "connection") {
            project { acronym } } }"#;
        let client = reqwest::Client::new();
        let response = client
            .post(format!("http://{}/graphql", self.address))
            .header("accept", "text/event-stream")
            .json(&json!({ "query": query }))
            .send()
            .await
            .unwrap();
        let mut follower = Follower {
            response,
            unread: String::new(),
        };
        follower.hears_of("CONNECTION").await;
        follower
    }
}

struct Follower {
    response: Response,
    unread: String,
}

impl Follower {
    /// Reads events until one shows this acronym.
    async fn hears_of(&mut self, acronym: &str) {
        loop {
            while let Some((block, rest)) = self.unread.split_once("\n\n") {
                let data = block.split_once("data: ").map(|(_, data)| data);
                let event: Value = serde_json::from_str(data.unwrap_or("null")).unwrap();
                self.unread = rest.to_owned();
                if event["data"]["projectChanged"]["project"]["acronym"] == acronym {
                    return;
                }
            }
            let chunk = timeout(SOON, self.response.chunk()).await.unwrap();
            self.unread += str::from_utf8(&chunk.unwrap().unwrap()).unwrap();
        }
    }

    /// Tells how long after an instant it hears of a change, and that it is soon.
    async fn hears_in_time(&mut self, acronym: &str, since: Instant) {
        self.hears_of(acronym).await;
        let took = since.elapsed();
        println!(
            "a subscriber of another process heard after {} ms",
            took.as_millis()
        );
        assert!(took < PROMISED, "{took:?}");
    }
}

#[tokio::test]
async fn a_change_by_one_process_is_heard_at_another_within_a_second() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let redis = OwnRedis::start();
    let settings = |command: &mut Command| {
        command
            .env("DATABASE_URL", &database.url)
            .env("REDIS_URL", &redis.url);
    };
    let import = |acronym: &str| {
        let mut file = connection();
        file.project.acronym = acronym.into();
        let path = database.folder.path().join("project.json");
        fs::write(&path, file.to_json()).unwrap();
        let mut import = binary("connection");
        settings(&mut import);
        let output = import.arg("import").arg(path).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        Instant::now()
    };
    import("CONNECTION");
    let (one, other) = (Served::start(settings), Served::start(settings));
    let (mut at_one, mut at_other) = (one.follow().await, other.follow().await);

    for acronym in ["FIRST", "SECOND", "THIRD"] {
        let since = import(acronym);
        at_one.hears_in_time(acronym, since).await;
        at_other.hears_in_time(acronym, since).await;
    }

    // A mutation through one process is heard at both.
    let told = |arguments: &[&str]| {
        let mut command = binary("connection");
        settings(&mut command);
        command
            .env("LINK_KEY", LINK_KEY)
            .env("BASE_URL", "http://127.0.0.1");
        printed(command, arguments)
    };
    let person = [
        "--key",
        "desk",
        "--address",
        "desk@torino.example",
        "--project",
        "connection",
        "--role",
        "coordinator",
    ];
    told(&[&["user", "add"][..], &person].concat());
    let token = ["--person", "desk", "--project", "connection"];
    let make = ["token", "create", "--name", "story", "--may-write"];
    let token = told(&[&make[..], &token].concat());
    for acronym in ["FOURTH", "FIFTH"] {
        let since = one.renames(token.trim(), acronym).await;
        at_other.hears_in_time(acronym, since).await;
        at_one.hears_in_time(acronym, since).await;
    }
    assert!(one.api.stop().success());
    assert!(other.api.stop().success());
}
