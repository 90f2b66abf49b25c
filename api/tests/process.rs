//! The binary: its settings, its start and its end.

#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
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
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(status("readyz").await, 503);
    assert_eq!(status("healthz").await, 200);
    assert!(process.wait().unwrap().success());
}
