//! Attacks by what an answer takes: questions that are short, and whose answers are long.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use domain::{data, synthetic::Maker};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{sleep, timeout},
};

use super::{ATTACKER, Target, connect, metric};

/// What is asked is bounded by what is made of it alone.
const UNCHARGED: [(&str, &str); 1] = [("LIMIT_RATE", "0")];

/// Later than any answer.
const LATER: Duration = Duration::from_secs(40);

const DROPPED: &str = "connection_answers_dropped_total";

/// How many times CONNECTION's 62 outputs the large project has, and the work that an answer may
/// take: 20,026 outputs and the default for release binaries. Without optimisation these would be read
/// for half a minute; there is a fortieth of both.
fn scale() -> (f64, &'static str) {
    match std::env::var_os("CONNECTION_BINARIES") {
        Some(_) => (323.0, "250000"),
        None => (8.0, "6250"),
    }
}

/// A question, as it goes over a connection.
fn request(query: &str) -> Vec<u8> {
    let body = json!({ "query": query }).to_string();
    let length = body.len();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: attacked\r\nconnection: close\r\n\
         content-type: application/json\r\n\
         accept: application/graphql-response+json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The status of an answer, and its code if it has one.
async fn ask(address: SocketAddr, query: &str) -> String {
    let answer = async {
        let mut stream = connect(address, ATTACKER).await.unwrap();
        stream.write_all(&request(query)).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    };
    let answer = timeout(LATER, answer).await.expect("an answer in time");
    let status = answer.split(' ').nth(1).expect("a status").to_owned();
    let code = ["TOO_COMPLEX", "TIMEOUT"];
    let code = code.into_iter().find(|code| answer.contains(*code));
    format!("{status} {}", code.unwrap_or_default())
}

/// The answer to a question that was stopped: by what it makes, or by the time that this takes.
async fn stopped(address: SocketAddr, query: &str) -> String {
    let answer = ask(address, query).await;
    let is_stopped = ["400 TOO_COMPLEX", "503 TIMEOUT"].contains(&&*answer);
    assert!(is_stopped, "{answer}");
    answer
}

/// A field under many names.
fn named(count: usize, field: &str) -> String {
    (0..count).map(|at| format!("n{at}: {field} ")).collect()
}

fn in_project(key: &str, fields: &str) -> String {
    format!("{{ project(key: \"{key}\", asOf: \"2049-12-31\") {{ {fields} }} }}")
}

#[tokio::test(flavor = "multi_thread")]
async fn long_answers_about_a_large_project_are_stopped() {
    let (scale, work) = scale();
    let mut file = Maker::new(1, scale).project(1);
    let key = file.project.key.clone();
    file.project.ends_on = "2049-12-31".parse().unwrap();
    let outputs = file.outputs.len();
    let settings = [UNCHARGED[0], ("LIMIT_WORK", work)];
    let mut target = Target::holding(&[file.to_json()], &settings);
    let address = target.address;
    // It is read into memory once.
    let first = ask(
        address,
        &in_project(&key, "outputs(first: 1) { totalCount }"),
    )
    .await;
    assert_eq!(first, "200 ");

    let lists = "partners(first: 100) { nodes { ".to_owned()
        + &named(
            12,
            "outputs(order: { by: TITLE }, first: 1) { nodes { title } totalCount }",
        )
        + "} }";
    let big = in_project(&key, &lists);
    target
        .withstands(
            &format!("a big question on {outputs} outputs"),
            stopped(address, &big),
        )
        .await;
    let three = async {
        let (one, two, three) = tokio::join!(
            stopped(address, &big),
            stopped(address, &big),
            stopped(address, &big)
        );
        format!("{one}, {two}, {three}")
    };
    target.withstands("three of them at once", three).await;
    let aliases = named(
        90,
        "outputs(first: 1, order: { by: DUE_ON }) { totalCount }",
    );
    let aliases = in_project(&key, &aliases);
    target
        .withstands(
            "90 names of a list of all outputs",
            stopped(address, &aliases),
        )
        .await;
    let months = in_project(
        &key,
        &named(15, "progressSeries(target: \"staff_exchanges\") { month }"),
    );
    target
        .withstands(
            "15 names of 360 months of figures",
            stopped(address, &months),
        )
        .await;
}

/// A project that anybody might found, with 600 pairings of two partners.
fn founded() -> String {
    let mut file: Value = serde_json::from_str(data::CONNECTION).unwrap();
    file["project"]["key"] = "founded".into();
    // They name the project.
    file["notes"] = json!([]);
    let pairings = file["pairings"].as_array_mut().unwrap();
    pairings.extend((0..600).map(|at| {
        json!({ "key": format!("pair{at}"), "community": "cop1", "daysPerLeg": 5,
                "mentor": ["thessaloniki"], "implementing": ["delta"] })
    }));
    file.to_string()
}

/// A circle of lists without pages.
fn circle() -> String {
    in_project(
        "founded",
        "pairings(first: 1) { nodes { mentors { pairings { mentors { pairings {
             a: key b: key } } } } } }",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn circles_of_lists_are_stopped() {
    let mut target = Target::holding(&[founded()], &UNCHARGED);
    let address = target.address;
    target
        .withstands("a circle of lists", stopped(address, &circle()))
        .await;
    let ten = async {
        let ten = (0..10).map(|_| async { stopped(address, &circle()).await });
        let answers = futures::future::join_all(ten).await;
        answers.first().cloned().unwrap_or_default()
    };
    target.withstands("ten of them at once", ten).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_in_the_midst_of_an_answer_stops_the_work() {
    let settings = [("LIMIT_RATE", "0"), ("REQUEST_SECONDS", "600")];
    let mut target = Target::holding(&[founded()], &settings);
    let (address, metrics) = (target.address, target.metrics);
    let question = request(&circle());
    let attack = async {
        for _ in 0..5 {
            let mut streams = Vec::new();
            for _ in 0..10 {
                let mut stream = connect(address, ATTACKER).await.unwrap();
                stream.write_all(&question).await.unwrap();
                streams.push(stream);
            }
            sleep(Duration::from_millis(300)).await;
        }
        // Some were answered meanwhile; nothing is made for the others.
        let start = Instant::now();
        let mut before = u64::MAX;
        loop {
            let now = metric(metrics, DROPPED).await;
            if now == before && now > 0 {
                break format!("{now} of 50 dropped");
            }
            before = now;
            assert!(start.elapsed() < LATER, "it still works");
            sleep(Duration::from_millis(500)).await;
        }
    };
    target
        .withstands("50 clients that leave in the midst, ten at once", attack)
        .await;
    let before = target.cpu();
    sleep(Duration::from_secs(1)).await;
    let idle = target.cpu() - before;
    assert!(idle < Duration::from_millis(200), "it works on: {idle:?}");
}
