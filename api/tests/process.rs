//! The binary: its settings, its start and its end.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// What signs links in tests.
const LINK_KEY: (&str, &str) = ("LINK_KEY", "0123456789abcdef0123456789abcdef");

/// The binary with nothing in its environment but these settings.
fn api(settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_api"));
    command.env_clear().envs(settings.iter().copied());
    command
}

fn refused(settings: &[(&str, &str)], reason: &str) {
    let Output { status, stderr, .. } = api(settings).output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(2), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains(reason), "{stderr}");
}

#[test]
fn a_missing_or_wrong_setting_stops_the_start_with_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.sqlite", dir.path().display());
    let sqlite = ("DATABASE_URL", url.as_str());
    let postgres = ("DATABASE_URL", "postgres://127.0.0.1:1/none");
    refused(&[], "DATABASE_URL is not set");
    refused(&[("DATABASE_URL", "mysql://x")], "DATABASE_URL is wrong");
    refused(&[postgres], "REDIS_URL is not set");
    refused(&[sqlite, ("REDIS_URL", "http://x")], "REDIS_URL is wrong");
    refused(&[sqlite], "LINK_KEY is not set");
    refused(
        &[sqlite, LINK_KEY, ("REDIS_URL", "redis://127.0.0.1:1")],
        "Redis does not answer",
    );
    refused(
        &[sqlite, LINK_KEY, ("LISTEN", "nonsense")],
        "LISTEN is wrong",
    );
    refused(&[sqlite, ("LOG", "api=nonsense")], "LOG is wrong");
    refused(
        &[sqlite, LINK_KEY, ("LIMIT_DEPTH", "none")],
        "LIMIT_DEPTH is wrong",
    );
}

/// A running API over a database of its own, and its address.
fn started(dir: &tempfile::TempDir, more: &[(&str, &str)]) -> (Child, String) {
    let url = format!("sqlite://{}/test.sqlite", dir.path().display());
    let mut process = api(&[("DATABASE_URL", &url), LINK_KEY, ("LISTEN", "127.0.0.1:0")])
        .envs(more.iter().copied())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
    let address = log
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            line.split_once("http://")
                .map(|(_, address)| address.to_owned())
        })
        .unwrap();
    std::thread::spawn(move || log.for_each(drop));
    (process, address)
}

fn ask_to_stop(process: &Child) {
    let id = process.id().to_string();
    let mut kill = Command::new("kill");
    assert!(kill.args(["-TERM", &id]).status().unwrap().success());
}

#[tokio::test]
async fn it_starts_answers_and_ends_when_asked_to() {
    let dir = tempfile::tempdir().unwrap();
    let (mut process, address) = started(&dir, &[]);
    for path in ["healthz", "readyz", "graphiql"] {
        let response = reqwest::get(format!("http://{address}/{path}"))
            .await
            .unwrap();
        assert!(response.status().is_success(), "{path}");
    }
    ask_to_stop(&process);
    assert!(process.wait().unwrap().success());
}

#[tokio::test]
async fn once_asked_to_stop_it_is_not_ready_but_answers_for_a_while() {
    let dir = tempfile::tempdir().unwrap();
    let (mut process, address) = started(&dir, &[("DRAIN_SECONDS", "3")]);
    let status = async |path: &str| {
        let response = reqwest::get(format!("http://{address}/{path}")).await;
        response.unwrap().status().as_u16()
    };
    assert_eq!(status("readyz").await, 200);
    ask_to_stop(&process);
    for _ in 0..100 {
        if status("readyz").await == 503 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(status("readyz").await, 503);
    assert_eq!(status("healthz").await, 200);
    assert!(process.wait().unwrap().success());
}

#[tokio::test]
async fn spans_go_to_the_collector_as_part_of_the_caller_s_trace() {
    let dir = tempfile::tempdir().unwrap();
    let collector = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", collector.local_addr().unwrap());
    let (mut process, address) = started(&dir, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let client = reqwest::Client::new();
    let request = client.get(format!("http://{address}/healthz"));
    let request = request.header("traceparent", format!("00-{trace}-b7ad6b7169203331-01"));
    request.send().await.unwrap();
    // What is left is sent when the process ends.
    ask_to_stop(&process);
    let (mut stream, _) = tokio::time::timeout(Duration::from_secs(30), collector.accept())
        .await
        .unwrap()
        .unwrap();
    let mut sent = Vec::new();
    let id: Vec<u8> = (0..16)
        .map(|at| u8::from_str_radix(&trace[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let holds = |sent: &[u8], part: &[u8]| sent.windows(part.len()).any(|found| found == part);
    while !holds(&sent, &id) {
        let mut part = vec![0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(30), stream.read(&mut part));
        let length = read.await.unwrap().unwrap();
        assert_ne!(length, 0, "the trace is not among what was sent");
        sent.extend_from_slice(&part[..length]);
    }
    assert!(sent.starts_with(b"POST /v1/traces "));
    assert!(holds(&sent, b"connection-api"));
    let ok = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    stream.write_all(ok).await.unwrap();
    assert!(process.wait().unwrap().success());
}

#[tokio::test]
async fn log_lines_bear_the_name_of_the_request_and_its_answer_does_too() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.sqlite", dir.path().display());
    let settings = [
        ("DATABASE_URL", url.as_str()),
        LINK_KEY,
        ("LISTEN", "127.0.0.1:0"),
        ("LOG_FORMAT", "json"),
    ];
    let mut process = api(&settings).stderr(Stdio::piped()).spawn().unwrap();
    let log = BufReader::new(process.stderr.take().unwrap()).lines();
    let mut lines = log.map_while(Result::ok).map(|line| {
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        line
    });
    let address = lines
        .find_map(|line| {
            let message = line["fields"]["message"].as_str()?;
            message.strip_prefix("Listening on ").map(str::to_owned)
        })
        .unwrap();
    let answer = reqwest::get(format!("{address}/healthz")).await.unwrap();
    let name = answer.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let line = lines
        .find(|line| line["span"]["path"] == "/healthz")
        .unwrap();
    assert_eq!(line["span"]["id"], name.as_str());
    assert_eq!(line["fields"]["status"], 200);
    process.kill().unwrap();
    process.wait().unwrap();
}
