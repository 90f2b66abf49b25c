//! One command, nothing else: the embedded default.

use std::{fs, path::Path, time::Duration};

use serde_json::{Value, json};

use crate::process::{Running, binary, free_port, wait_for};

const SOON: Duration = Duration::from_secs(60);

/// The first query, as the README and GraphiQL show it.
const FIRST_QUERY: &str = r#"{ project(key: "connection") { acronym revision
    progress(asOf: "2022-12-31") { reconciles
      figures { target { key label(locale: "it") value unit rule } planned reported verified share status
        items(first: 20) { totalCount nodes { __typename id title state startsOn } } } } } }"#;

pub struct Up {
    pub running: Running,
    pub base: String,
    /// The addresses of GraphiQL and of the outbox as they are printed, with the operator's key.
    pub graphiql: String,
    pub outbox: String,
    /// The link that it prints, to sign in with.
    pub sign_in: String,
}

impl Up {
    /// The operator's cookie, as a browser has it that opened what is printed.
    pub fn operator(&self) -> String {
        let (_, key) = self.outbox.split_once("?key=").expect("a key");
        format!("__Host-connection-operator={key}")
    }
}

pub fn up(data: &Path, more: &[&str]) -> Up {
    up_with(data, more, &[])
}

/// The same with settings in its environment.
fn up_with(data: &Path, more: &[&str], set: &[(&str, &str)]) -> Up {
    let listen = format!("127.0.0.1:{}", free_port());
    let mut command = binary("connection");
    command
        .args(["up", "--listen", &listen, "--data"])
        .arg(data)
        .args(more)
        .envs(set.iter().copied());
    let mut running = Running::start(command);
    let mut address = |part: &str| {
        let line = running.line_with(part, SOON);
        let (_, rest) = line.split_once("http://").expect("an address");
        format!("http://{}", rest.trim())
    };
    let graphiql = address(&format!("http://{listen}/graphiql"));
    let outbox = address("/outbox");
    let sign_in = address("/sign-in/");
    Up {
        running,
        graphiql,
        outbox,
        sign_in,
        base: format!("http://{listen}"),
    }
}

async fn ask(base: &str, query: &str) -> Value {
    let client = reqwest::Client::new();
    let answer = client
        .post(format!("{base}/graphql"))
        .json(&json!({ "query": query }))
        .send()
        .await
        .unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].clone()
}

pub fn mails(data: &Path) -> Vec<String> {
    let mut mails = Vec::new();
    let mut folders = vec![data.join("outbox")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "eml") {
                mails.push(path.file_name().unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    mails.sort();
    mails
}

#[tokio::test]
async fn the_first_query_answers_from_the_embedded_data() {
    let folder = tempfile::tempdir().unwrap();
    let up = up(&folder.path().join("data"), &[]);
    let answer = ask(&up.base, FIRST_QUERY).await;
    let progress = &answer["project"]["progress"];
    assert_eq!(progress["reconciles"], true);
    let figures = progress["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 25);
    let figure = |key: &str| {
        figures
            .iter()
            .find(|figure| figure["target"]["key"] == key)
            .unwrap()
    };
    for (key, reported) in [
        ("policies_implemented", 2),
        ("staff_exchanges", 5),
        ("thematic_cluster_visits", 8),
        ("integration_champions", 9),
        ("how_to_guides", 4),
        ("videos", 2),
        ("conferences", 1),
    ] {
        let figure = figure(key);
        assert_eq!(figure["reported"], reported, "{key}");
        assert_eq!(figure["items"]["totalCount"], reported, "{key}");
        assert_eq!(
            figure["items"]["nodes"].as_array().unwrap().len(),
            reported,
            "{key}"
        );
        assert!(
            figure["target"]["rule"]
                .as_str()
                .is_some_and(|rule| rule.len() > 20),
            "{key}"
        );
    }
    assert_eq!(figure("staff_exchanges")["target"]["unit"], "LEG");
    assert_eq!(
        figure("further_cities_peer_trained")["reported"],
        Value::Null
    );
    let page = reqwest::get(format!("{}/graphiql", up.base)).await.unwrap();
    assert!(page.text().await.unwrap().contains("/graphiql/start.js"));
    for path in ["/healthz", "/readyz", "/schema.graphql"] {
        let answer = reqwest::get(format!("{}{path}", up.base)).await.unwrap();
        assert!(answer.status().is_success(), "{path}");
    }
    // Nobody is the operator by asking from this machine.
    for path in ["/outbox", "/metrics", "/outbox?key=nonsense"] {
        let answer = reqwest::get(format!("{}{path}", up.base)).await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    assert!(up.running.stop().success());
}

#[tokio::test]
async fn a_clock_set_to_a_monday_in_2021_mails_before_your_eyes() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let started = up(&data, &["--at", "2021-09-06T05:59:45Z"]);
    let seen = wait_for("reminder and digests", Duration::from_secs(90), || {
        let mails = mails(&data);
        let of = |category: &str| mails.iter().filter(|name| name.contains(category)).count();
        (of("exchange-reminder") >= 3 && of("digest") >= 3).then_some(mails)
    });
    assert!(
        seen.iter().all(|name| name.starts_with("2021-09-06T0")),
        "{seen:?}"
    );
    let ahead = ask(
        &started.base,
        r#"{ project(key: "connection") { timeline(from: "2021-09-06", until: "2021-10-31", first: 50) {
            nodes { day } } } }"#,
    )
    .await;
    assert!(
        !ahead["project"]["timeline"]["nodes"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let outbox = reqwest::Client::new()
        .get(format!("{}/outbox", started.base))
        .header("cookie", started.operator())
        .send()
        .await
        .unwrap();
    assert!(
        outbox
            .text()
            .await
            .unwrap()
            .contains("exchanges@delta.example")
    );
    assert!(started.running.stop().success());

    let before = mails(&data).len();
    let again = up(&data, &["--at", "2021-09-06T06:01:00Z"]);
    std::thread::sleep(Duration::from_secs(8));
    assert!(again.running.stop().success());
    assert_eq!(mails(&data).len(), before, "a restart has sent mail again");
}

#[tokio::test]
async fn a_folder_used_today_can_be_looked_at_in_2021() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(up(&data, &[]).running.stop().success());
    let past = up(&data, &["--at", "2021-09-06T05:59:50Z"]);
    wait_for("the reminder", Duration::from_secs(60), || {
        mails(&data)
            .iter()
            .any(|name| name.contains("exchange-reminder"))
            .then_some(())
    });
    assert!(past.running.stop().success());
}

#[tokio::test]
async fn where_nobody_is_to_be_the_operator_no_key_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let listen = format!("127.0.0.1:{}", free_port());
    let mut command = binary("connection");
    command
        .args(["up", "--listen", &listen, "--data"])
        .arg(&data)
        .env("OPERATOR", "nobody");
    let mut running = Running::start(command);
    running.line_with("Ctrl-C stops it", SOON);
    let log = running.log();
    assert!(log.contains("/sign-in/"), "{log}");
    assert!(!log.contains("key=") && !log.contains("/outbox"), "{log}");
    assert!(!data.join("operator.key").exists());
    for path in ["/outbox", "/metrics"] {
        let answer = reqwest::get(format!("http://{listen}{path}")).await;
        assert_eq!(answer.unwrap().status(), 404, "{path}");
    }
    assert!(running.stop().success());
}

#[test]
fn the_limit_of_open_files_is_raised_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let listen = format!("127.0.0.1:{}", free_port());
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "ulimit -S -n 300 && exec \"$0\" \"$@\""])
        .arg(binary("connection").get_program())
        .args(["up", "--listen", &listen, "--data"])
        .arg(folder.path().join("data"));
    let mut running = Running::start(command);
    running.line_with("Ctrl-C stops it", SOON);
    let limits = fs::read_to_string(format!("/proc/{}/limits", running.child.id())).unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let numbers: Vec<u64> = line
        .unwrap()
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    assert!(numbers[0] == numbers[1] && numbers[0] > 300, "{numbers:?}");
    assert!(running.stop().success());
}

#[tokio::test]
async fn what_is_set_for_the_api_holds_for_the_embedded_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let metrics = format!("127.0.0.1:{}", free_port());
    let set = [
        ("METRICS_LISTEN", metrics.as_str()),
        ("ALLOWED_ORIGINS", "https://torino.example"),
        ("LIMIT_DEPTH", "5"),
    ];
    let up = up_with(&data, &[], &set);
    let client = reqwest::Client::new();
    let answer = client
        .post(format!("{}/graphql", up.base))
        .header("origin", "https://torino.example")
        .json(&json!({ "query": FIRST_QUERY }))
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.headers()["access-control-allow-origin"],
        "https://torino.example"
    );
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "TOO_DEEP",
        "{answer}"
    );
    let page = reqwest::get(format!("http://{metrics}/metrics"))
        .await
        .unwrap();
    assert!(page.status().is_success());
    assert!(up.running.stop().success());
}
