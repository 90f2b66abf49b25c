//! From the wish for a link to the answer of `viewer`, with real processes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use reqwest::{Client, Response, header::SET_COOKIE, redirect::Policy};
use serde_json::{Value, json};
use tests::TestDatabase;

use crate::{
    embedded::{mails, up},
    process::{OwnRedis, Running, binary, free_port, service, wait_for},
    production::{Installation, arrived, parse},
};

const SOON: Duration = Duration::from_secs(60);

fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

fn cookie(response: &Response) -> String {
    let line = response.headers()[SET_COOKIE].to_str().unwrap();
    line.split(';').next().unwrap().to_owned()
}

/// What a command prints; the story fails where it fails.
pub fn printed(mut command: Command, arguments: &[&str]) -> String {
    let output = command.args(arguments).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    String::from_utf8(output.stdout).unwrap()
}

/// Asks for a link as a browser does, and gives the cookie by which the browser is known.
pub async fn asked(base: &str, address: &str) -> String {
    let response = client()
        .post(format!("{base}/sign-in"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", base)
        .body(format!("address={}", address.replace('@', "%40")))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    cookie(&response)
}

/// Signs in by the link in a mail's text, and gives the cookie of who is signed in.
async fn used(base: &str, text: &str, browser: &str) -> String {
    let link = text
        .split_whitespace()
        .find(|word| word.contains("/sign-in/"));
    let (_, path) = link.unwrap().split_once("/sign-in/").unwrap();
    let url = format!("{base}/sign-in/{path}");
    let page = client().get(&url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let response = client()
        .post(url)
        .header("cookie", browser)
        .header("origin", base)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 303);
    cookie(&response)
}

async fn viewer(base: &str, name: &str, value: &str) -> Value {
    let query = "{ viewer { key address roles { kind projectKey } tokens { name } } }";
    asks(base, name, value, query).await["viewer"].clone()
}

/// The data of an answer to whoever comes with this header.
async fn asks(base: &str, name: &str, value: &str, query: &str) -> Value {
    let answer = client()
        .post(format!("{base}/graphql"))
        .header(name, value)
        .header("origin", base)
        .json(&json!({ "query": query }))
        .send()
        .await
        .unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].clone()
}

fn outbox_mail(data: &Path, name: &str) -> String {
    let (month, _) = name.split_at("2021-09".len());
    fs::read_to_string(data.join("outbox").join(month).join(name)).unwrap()
}

#[tokio::test]
async fn whoever_asks_the_embedded_default_finds_the_link_in_the_outbox() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let up = up(&data, &[]);
    let command = || {
        let mut command = binary("connection");
        command.args(["user", "add", "--data"]).arg(&data);
        command
    };
    let address = "exchange-desk@torino.example";
    let added = printed(
        command(),
        &[
            "--key",
            "exchange-desk",
            "--address",
            address,
            "--project",
            "connection",
            "--role",
            "coordinator",
        ],
    );
    assert!(added.contains("http://127.0.0.1:8000/sign-in/"), "{added}");
    let browser = asked(&up.base, address).await;
    let name = wait_for("the link", SOON, || {
        mails(&data)
            .into_iter()
            .find(|name| name.contains("sign-in"))
    });
    let mail = outbox_mail(&data, &name);
    let text = parse(&mail).body_text(0).unwrap().into_owned();
    let session = used(&up.base, &text, &browser).await;
    let told = viewer(&up.base, "cookie", &session).await;
    assert_eq!(told["key"], "exchange-desk");
    assert_eq!(told["address"], address);
    let role = json!({ "kind": "COORDINATOR", "projectKey": "connection" });
    assert_eq!(told["roles"], json!([role]));

    // Whoever erases themselves is in no file any more: not in the database or its log, nor among
    // the mails.
    let traces = |data: &Path| holding(data, &[address, "exchange-desk"]);
    assert!(!traces(&data).is_empty());
    let erase = "mutation { eraseMyself(input: { confirm: \"erase\" }) {
        erased userErrors { code } } }";
    let answer = asks(&up.base, "cookie", &session, erase).await;
    assert_eq!(
        answer["eraseMyself"],
        json!({ "erased": true, "userErrors": [] })
    );
    assert_eq!(viewer(&up.base, "cookie", &session).await, Value::Null);
    let mut left = Vec::new();
    for _ in 0..1800 {
        left = traces(&data);
        if left.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(left.is_empty(), "{left:?}");
    assert!(!mails(&data).iter().any(|name| name.contains("sign-in")));
}

/// The files of a folder that hold one of these texts.
fn holding(folder: &Path, texts: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, texts));
            continue;
        }
        // A file that went meanwhile holds nothing.
        let bytes = fs::read(&path).unwrap_or_default();
        let holds = |text: &&str| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        if texts.iter().any(holds) {
            found.push(path);
        }
    }
    found
}

/// Over a mail server, and with a token that the command line makes and revokes.
async fn signs_in(database: TestDatabase, redis: Option<OwnRedis>) {
    let Some(smtp_url) = service("TEST_SMTP_URL") else {
        return;
    };
    let sink = service("TEST_SMTP_DIR").unwrap();
    let here = Installation {
        database,
        redis,
        smtp_url,
        port: free_port(),
    };
    here.import(&tests::project::connection());
    let base = format!("http://127.0.0.1:{}", here.port);
    let domain = format!("signs-in{}.example", here.port);
    let address = format!("exchange-desk@{domain}");
    let command = || here.with(binary("connection"));
    let added = printed(
        command(),
        &[
            "user",
            "add",
            "--key",
            "exchange-desk",
            "--address",
            &address,
            "--project",
            "connection",
            "--role",
            "coordinator",
            "--locale",
            "it",
        ],
    );
    assert!(
        added.contains("https://connection.example/sign-in/"),
        "{added}"
    );
    let mut api = Running::start(here.with(binary("api")));
    let mut worker = Running::start(here.with(binary("worker")));
    worker.line_with("waits for mail", SOON);
    api.line_with(&here.port.to_string(), SOON);
    let browser = asked(&base, &address).await;
    asked(&base, &format!("nobody@{domain}")).await;
    let mail = wait_for("the link", SOON, || {
        arrived(&sink, &domain)
            .remove(&address)
            .and_then(|mails| mails.into_iter().next())
    });
    let message = parse(&mail);
    assert_eq!(
        message.subject(),
        Some("Il Suo link per accedere a Connection")
    );
    let text = message.body_text(0).unwrap().into_owned();
    let session = used(&base, &text, &browser).await;
    let told = viewer(&base, "cookie", &session).await;
    assert_eq!(told["key"], "exchange-desk");
    assert_eq!(arrived(&sink, &domain).len(), 1, "nobody else has mail");

    let made = printed(
        command(),
        &[
            "token",
            "create",
            "--person",
            "exchange-desk",
            "--project",
            "connection",
            "--name",
            "City dashboard",
        ],
    );
    let bearer = format!("Bearer {}", made.trim());
    let told = viewer(&base, "authorization", &bearer).await;
    assert_eq!(told["key"], "exchange-desk");
    let told = viewer(&base, "cookie", &session).await;
    assert_eq!(told["tokens"], json!([{ "name": "City dashboard" }]));
    let listed = printed(command(), &["token", "list", "--person", &address]);
    let row = listed.lines().nth(1).unwrap();
    let id = row.split_whitespace().next().unwrap();
    printed(command(), &["token", "revoke", "--person", &address, id]);
    // Another process revoked it: here it holds a second longer.
    std::thread::sleep(Duration::from_millis(1100));
    let refused = client()
        .post(format!("{base}/graphql"))
        .header("authorization", &bearer)
        .json(&json!({ "query": "{ __typename }" }))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 401);
    let listed = printed(command(), &["user", "list"]);
    assert!(listed.contains("coordinator of connection"), "{listed}");
    // No log holds what signs in, nor an address.
    for process in [&mut api, &mut worker] {
        let log = process.log();
        assert!(!log.contains(&domain), "{log}");
        assert!(
            !log.contains(
                text.split("/sign-in/")
                    .nth(1)
                    .unwrap()
                    .split_whitespace()
                    .next()
                    .unwrap()
            )
        );
    }
}

#[tokio::test]
async fn a_link_over_postgresql_redis_and_smtp_signs_in() {
    if let Some(database) = TestDatabase::postgres().await {
        signs_in(database, Some(OwnRedis::start())).await;
    }
}

#[tokio::test]
async fn a_link_over_sqlite_and_smtp_signs_in() {
    signs_in(TestDatabase::sqlite().await, None).await;
}
