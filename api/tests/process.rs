//! The binary: its settings, its start and its end.

#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

use std::{
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
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

#[tokio::test]
async fn it_starts_answers_and_ends_when_asked_to() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.sqlite", dir.path().display());
    let mut process = api(&[("DATABASE_URL", &url), LINK_KEY, ("LISTEN", "127.0.0.1:0")])
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
    for path in ["healthz", "readyz", "graphiql"] {
        let response = reqwest::get(format!("http://{address}/{path}"))
            .await
            .unwrap();
        assert!(response.status().is_success(), "{path}");
    }
    let id = process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert!(process.wait().unwrap().success());
}
