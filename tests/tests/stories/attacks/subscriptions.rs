//! Attacks by subscriptions: many revisions beside many subscribers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use super::{ATTACKER, Target};
use crate::sign_in::printed;

/// The number of subscribers.
const SUBSCRIBERS: usize = 100;
/// How long revisions are made, and how many a second are tried.
const LONG: Duration = Duration::from_secs(5);
const RATE: u32 = 400;

const FOLLOW: &str = r#"subscription { projectChanged(key: "connection") {
    revision recordCount project { progress { figures { planned reported } } } } }"#;

/// A document that changes what coordinators see of the one who sends it.
fn preference(at: u32) -> Value {
    let hour = at % 24;
    let document =
        format!("setPreferences(input: {{ digestHour: {hour} }}) {{ userErrors {{ code }} }}");
    json!({ "query": format!("mutation {{ {document} }}") })
}

/// How many requests were answered how.
#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
}

impl Tally {
    fn add(&mut self, answer: &reqwest::Result<StatusCode>) {
        match answer {
            Ok(StatusCode::OK) => self.accepted += 1,
            // The bucket is empty, or there are too many connections.
            Ok(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) => {
                self.refused += 1;
            }
            // Too many connections, too: closed before the request was written.
            Err(_) => self.refused += 1,
            Ok(other) => panic!("{other}"),
        }
    }
}

/// Reads all that a subscriber is sent until nothing comes any more after the last change; gives the
/// number of its events and the last revision.
async fn listen(mut response: Response, changing: Arc<AtomicBool>) -> (usize, u64) {
    let (mut events, mut last, mut unread) = (0, 0, String::new());
    loop {
        let chunk = match timeout(Duration::from_secs(8), response.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            Err(_) if changing.load(Ordering::Relaxed) => continue,
            _ => break,
        };
        unread.push_str(&String::from_utf8_lossy(&chunk));
        while let Some((block, rest)) = unread.split_once("\n\n") {
            if let Some((_, data)) = block.split_once("data: ") {
                let event: Value = serde_json::from_str(data).unwrap();
                let revision = &event["data"]["projectChanged"]["revision"];
                last = revision.to_string().trim_matches('"').parse().unwrap();
                events += 1;
            }
            unread = rest.to_owned();
        }
    }
    (events, last)
}

#[tokio::test(flavor = "multi_thread")]
async fn revisions_beside_subscribers_are_paid_for_and_answered_once() {
    // Sessions change preferences: somebody signs in by a link of the command line.
    let mut target = Target::start(&[("LIVE_PING_SECONDS", "60")]);
    let added = printed(
        target.command(),
        &[
            "user",
            "add",
            "--key",
            "reader",
            "--project",
            "connection",
            "--role",
            "viewer",
        ],
    );
    let (_, path) = added.split_once("/sign-in/").unwrap();
    let path = path.split_whitespace().next().unwrap();
    let base = format!("http://{}", target.address);
    // Others come from elsewhere, and have connections of their own.
    let client = Client::builder()
        .local_address(Some(ATTACKER.into()))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let used = client.post(format!("{base}/sign-in/{path}")).send().await;
    let used = used.unwrap();
    assert_eq!(used.status(), 303);
    let cookie = used.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let graphql = format!("{base}/graphql");
    let attack = async {
        let mut subscribers = Vec::new();
        let changing = Arc::new(AtomicBool::new(true));
        for _ in 0..SUBSCRIBERS {
            let request = client.post(&graphql).header("accept", "text/event-stream");
            let request = request.json(&json!({ "query": FOLLOW }));
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 200);
            subscribers.push(tokio::spawn(listen(response, Arc::clone(&changing))));
        }
        let mut tally = Tally::default();
        let start = Instant::now();
        let mut tries = tokio::task::JoinSet::new();
        for at in 0.. {
            if start.elapsed() > LONG {
                break;
            }
            let request = client.post(&graphql).header("cookie", &cookie);
            let request = request.json(&preference(at));
            tries.spawn(async move { request.send().await.map(|answer| answer.status()) });
            while let Some(answer) = tries.try_join_next() {
                tally.add(&answer.unwrap());
            }
            sleep(Duration::from_secs(1) / RATE).await;
        }
        while let Some(answer) = tries.join_next().await {
            tally.add(&answer.unwrap());
        }
        changing.store(false, Ordering::Relaxed);
        let mut most = 0;
        let mut newest = Vec::new();
        for subscriber in subscribers {
            let (events, last) = subscriber.await.unwrap();
            most = most.max(events);
            newest.push(last);
        }
        newest.dedup();
        assert_eq!(newest.len(), 1, "all have the newest: {newest:?}");
        let Tally { accepted, refused } = tally;
        assert!(accepted > 0, "{refused} were refused and none accepted");
        format!("{accepted} changed, {refused} refused, {most} events at most")
    };
    target
        .withstands("400 revisions a second beside 100 subscribers", attack)
        .await;
    // Each was answered once for all of them, or for those who came late.
    let made = target.metric("connection_live_answers").await;
    println!("{made} answers were made");
    assert!(made > 1, "{made}");
}
