//! Attacks by files that are sent and fetched.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{sleep, timeout},
};

use super::{ATTACKER, OTHERS, Target, connect, token};

/// The largest file that is taken.
const LARGEST: usize = 25_000_000;

const LATER: Duration = Duration::from_secs(60);

/// The size of a piece of a body of which nobody says how long it is.
const PIECE: usize = 1_000_000;

/// A client at the address of the attacker.
fn attacker() -> reqwest::Client {
    let builder = reqwest::Client::builder();
    builder
        .local_address(Some(ATTACKER.into()))
        .build()
        .unwrap()
}

/// A text of so many bytes.
fn text(length: usize) -> bytes::Bytes {
    vec![b'a'; length].into()
}

/// How often each answer came, as words.
fn counted(answers: impl IntoIterator<Item = u16>) -> (BTreeMap<u16, usize>, String) {
    let mut counts = BTreeMap::new();
    for status in answers {
        *counts.entry(status).or_default() += 1;
    }
    let each: Vec<String> = counts
        .iter()
        .map(|(status, count)| format!("{status} of {count}"))
        .collect();
    let words = each.join(", ");
    (counts, words)
}

/// Sends a file; gives the status, 0 where the connection was closed meanwhile.
async fn send(client: &reqwest::Client, target: &str, token: &str, body: bytes::Bytes) -> u16 {
    let request = client.post(format!("{target}/uploads"));
    let request = request
        .bearer_auth(token)
        .header("content-type", "text/plain");
    let answer = timeout(LATER, request.body(body).send()).await;
    let answer = answer.expect("it is answered in time");
    answer.map_or(0, |answer| answer.status().as_u16())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_taken_from_whom_they_may_come_and_few_at_once() {
    let mut target = Target::start(&[]);
    let (coordinator, viewer) = (token(&target, "coordinator"), token(&target, "viewer"));
    let url = target.url();
    let client = attacker();
    let body = text(LARGEST);
    let attack = async {
        let sent = (0..60).map(|_| send(&client, &url, &coordinator, body.clone()));
        let (counts, words) = counted(futures::future::join_all(sent).await);
        let taken = counts.get(&201).copied().unwrap_or_default();
        assert!((1..=40).contains(&taken), "{words}");
        let rest: usize = [0, 429]
            .iter()
            .filter_map(|status| counts.get(status))
            .sum();
        assert_eq!(taken + rest, 60, "{words}");
        words
    };
    target
        .withstands("60 uploads of 25 MB at once", attack)
        .await;

    let attack = async {
        let sent = (0..60).map(|_| send(&client, &url, &viewer, body.clone()));
        let (counts, words) = counted(futures::future::join_all(sent).await);
        assert!(
            counts.keys().all(|status| [0, 403, 429].contains(status)),
            "{words}"
        );
        assert!(counts.contains_key(&403), "{words}");
        words
    };
    target.withstands("the same by a viewer", attack).await;

    let attack = async {
        let form = client
            .post(format!("{url}/uploads"))
            .bearer_auth(&coordinator);
        let form = form.header("content-type", "multipart/form-data; boundary=x");
        let answer = form.body(text(PIECE)).send().await.unwrap();
        assert_eq!(answer.status(), 415);
        "415"
    };
    target.withstands("a form", attack).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_an_end_is_cut_where_it_is_too_large() {
    let mut target = Target::start(&[]);
    let token = token(&target, "coordinator");
    let address = target.address;
    let attack = async {
        let mut stream = connect(address, ATTACKER).await.unwrap();
        let head = format!(
            "POST /uploads HTTP/1.1\r\nhost: attacked\r\nauthorization: Bearer {token}\r\n\
             content-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let (mut answers, mut sends) = stream.into_split();
        let sending = tokio::spawn(async move {
            let piece = [format!("{PIECE:x}\r\n").as_bytes(), &text(PIECE), b"\r\n"].concat();
            // It is not read to any end, so that this fails.
            for _ in 0..1_000 {
                if sends.write_all(&piece).await.is_err() {
                    return;
                }
            }
            panic!("a gigabyte was taken");
        });
        let mut answer = [0; 12];
        let read = timeout(LATER, answers.read_exact(&mut answer)).await;
        read.expect("an answer in time").unwrap();
        assert_eq!(&answer, b"HTTP/1.1 413");
        drop(answers);
        sending.await.unwrap();
        "413"
    };
    target.withstands("a file without an end", attack).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_small_files_are_paid_for() {
    let settings = [
        ("LIMIT_VIEWER_BURST", "1000000"),
        ("LIMIT_VIEWER_RATE", "60"),
    ];
    let mut target = Target::start(&settings);
    let token = token(&target, "coordinator");
    let url = target.url();
    let client = attacker();
    let attack = async {
        let mut statuses = Vec::new();
        for _ in 0..400 {
            let sent = (0..5).map(|_| send(&client, &url, &token, text(1)));
            statuses.extend(futures::future::join_all(sent).await);
        }
        let (counts, words) = counted(statuses);
        assert!(
            counts.keys().all(|status| [201, 429].contains(status)),
            "{words}"
        );
        assert!(counts.contains_key(&429), "{words}");
        words
    };
    target.withstands("2,000 files of one byte", attack).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_readers_of_a_file_hold_no_memory() {
    let mut target = Target::start(&[]);
    let token = token(&target, "coordinator");
    let (url, address) = (target.url(), target.address);
    let client = attacker();
    let ask = async |document: &str, variables: Value| -> Value {
        let request = client.post(format!("{url}/graphql")).bearer_auth(&token);
        let body = json!({ "query": document, "variables": variables });
        request
            .json(&body)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    let sent = client.post(format!("{url}/uploads")).bearer_auth(&token);
    let sent = sent
        .header("content-type", "text/plain")
        .body(text(LARGEST));
    let sent: Value = sent.send().await.unwrap().json().await.unwrap();
    let outputs = "{ project(key: \"connection\") { visits(first: 1) { nodes { id } } } }";
    let outputs = ask(outputs, json!({})).await;
    let output = &outputs["data"]["project"]["visits"]["nodes"][0]["id"];
    let add = "mutation($output: ID!, $upload: ID!) {
        addEvidence(input: { output: $output, proof: { upload: $upload } }) {
            output { evidence { downloadPath } } userErrors { code message } } }";
    let added = ask(add, json!({ "output": output, "upload": sent["upload"] })).await;
    let evidence = added["data"]["addEvidence"]["output"]["evidence"].as_array();
    let paths = evidence.unwrap_or_else(|| panic!("{added}")).iter();
    let path = paths
        .filter_map(|one| one["downloadPath"].as_str())
        .next_back();
    let path = path.unwrap_or_else(|| panic!("{added}"));
    let attack = async {
        let mut streams = Vec::new();
        for _ in 0..20 {
            let mut stream = connect(address, ATTACKER).await.unwrap();
            let head = format!(
                "GET {path} HTTP/1.1\r\nhost: attacked\r\nauthorization: Bearer {token}\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            streams.push(stream);
        }
        let mut statuses = Vec::new();
        for stream in &mut streams {
            let mut head = [0; 12];
            let read = timeout(LATER, stream.read_exact(&mut head)).await;
            read.expect("an answer in time").unwrap();
            statuses.push(String::from_utf8_lossy(&head[9..]).parse().unwrap());
        }
        sleep(Duration::from_secs(3)).await;
        let (counts, words) = counted(statuses);
        assert!(
            counts.keys().all(|status| [200, 429].contains(status)),
            "{words}"
        );
        assert!(counts.contains_key(&200), "{words}");
        words
    };
    target.withstands("20 slow readers of 25 MB", attack).await;
    let answer = super::ask(address, OTHERS, path).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 4"),
        "anyone reads it: {answer:.60}"
    );
}
