//! The pages in a real browser.

use std::{fs, path::Path, process::Command, time::Duration};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tests::project::connection;
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use crate::{
    embedded::{mails, up},
    process::{Running, binary, service, wait_for},
};

const SOON: Duration = Duration::from_secs(60);

/// A browser without a screen.
fn browser(chromium: &str, profile: &Path) -> Command {
    let mut command = Command::new(chromium);
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1400,3000",
        ])
        .arg(format!("--user-data-dir={}", profile.display()));
    command
}

/// What a page holds once its scripts have run.
fn rendered(chromium: &str, profile: &Path, url: &str) -> String {
    let output = browser(chromium, profile)
        .args(["--virtual-time-budget=15000", "--dump-dom"])
        .arg(url)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn graphiql_opens_with_the_first_query_and_the_outbox_shows_mail() {
    let Some(chromium) = service("TEST_CHROMIUM") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (data, profile) = (folder.path().join("data"), folder.path().join("profile"));
    let up = up(&data, &["--at", "2021-09-06T05:59:50Z"]);
    let page = rendered(&chromium, &profile, &up.graphiql);
    for text in ["graphiql-editor", "connection", "progress", "totalCount"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    wait_for("mail", Duration::from_secs(60), || {
        (mails(&data).len() >= 3).then_some(())
    });
    let page = rendered(&chromium, &profile, &up.outbox);
    assert!(page.contains("exchanges@thessaloniki.example"), "{page}");
}

/// A page of a browser that runs, led by the DevTools protocol.
struct Page {
    _browser: Running,
    socket: WebSocketStream<TcpStream>,
    asked: u64,
}

impl Page {
    async fn open(chromium: &str, profile: &Path, url: &str) -> Self {
        let mut command = browser(chromium, profile);
        command.arg("--remote-debugging-port=0").arg(url);
        let mut browser = Running::start(command);
        let line = browser.line_with("DevTools listening on ws://", SOON);
        let (_, rest) = line.split_once("ws://").unwrap();
        let (address, _) = rest.split_once('/').unwrap();
        let targets = reqwest::get(format!("http://{address}/json/list"));
        let targets: Value = targets.await.unwrap().json().await.unwrap();
        let targets = targets.as_array().unwrap();
        let page = targets.iter().find(|target| target["type"] == "page");
        let debugger = page.unwrap()["webSocketDebuggerUrl"].as_str().unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let (socket, _) = client_async(debugger, stream).await.unwrap();
        Self {
            _browser: browser,
            socket,
            asked: 0,
        }
    }

    /// The value of a script's expression in the page.
    async fn value(&mut self, script: &str) -> Value {
        self.asked += 1;
        let ask = json!({
            "id": self.asked,
            "method": "Runtime.evaluate",
            "params": { "expression": script, "returnByValue": true },
        });
        let ask = Message::text(ask.to_string());
        self.socket.send(ask).await.unwrap();
        loop {
            let message = self.socket.next().await.unwrap().unwrap();
            let answer: Value = serde_json::from_str(message.to_text().unwrap()).unwrap();
            if answer["id"] == self.asked {
                assert_eq!(
                    answer["result"]["exceptionDetails"],
                    Value::Null,
                    "{script}"
                );
                return answer["result"]["result"]["value"].clone();
            }
        }
    }

    /// Waits until a script's expression is true.
    async fn comes_to(&mut self, script: &str) {
        let come = timeout(SOON, async {
            while self.value(script).await != true {
                sleep(Duration::from_millis(100)).await;
            }
        });
        if come.await.is_err() {
            let shown = self.value("document.body.innerText").await;
            panic!("{script} did not come; the page shows {shown}");
        }
    }
}

#[tokio::test]
async fn the_link_that_up_prints_signs_in_and_the_button_signs_out() {
    let Some(chromium) = service("TEST_CHROMIUM") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (data, profile) = (folder.path().join("data"), folder.path().join("profile"));
    let up = up(&data, &[]);
    let mut page = Page::open(&chromium, &profile, &up.sign_in).await;
    let press = "document.querySelector('button').click()";
    let shows = |text: &str| format!("document.body?.innerText.includes('{text}') === true");
    page.comes_to(&shows("This link signs you in")).await;
    page.value(press).await;
    page.comes_to(&shows("You are signed in as Operator")).await;
    page.value("location.href = '/graphql?query={viewer{key}}'")
        .await;
    page.comes_to(&shows(r#"{"viewer":{"key":"operator"}}"#))
        .await;
    page.value("location.href = '/'").await;
    page.comes_to(&shows("You are signed in as Operator")).await;
    assert_eq!(
        page.value("document.cookie").await,
        "",
        "scripts see no cookie"
    );
    page.value(press).await;
    page.comes_to(&shows("You are not signed in")).await;

    // What is printed with the key makes a browser the operator's, and the key leaves the address.
    page.value(&format!("location.href = {}", json!(up.outbox)))
        .await;
    page.comes_to(&shows("No mail has gone out yet.")).await;
    page.comes_to("location.search === ''").await;
    page.value("location.href = '/'").await;
    page.comes_to(&shows("You are the operator of this installation"))
        .await;
    assert_eq!(page.value("document.cookie").await, "");
}

/// What a link in a mail about a proposal or a challenge asks for stands in the editor, and so does a
/// question of the list; what is no id is not taken.
#[tokio::test]
async fn graphiql_opens_with_what_a_link_asks_for() {
    let Some(chromium) = service("TEST_CHROMIUM") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (data, profile) = (folder.path().join("data"), folder.path().join("profile"));
    let up = up(&data, &[]);
    let mut page = Page::open(&chromium, &profile, &up.graphiql).await;
    let holds = |text: &str| {
        format!(
            "document.querySelector('.graphiql-query-editor .CodeMirror')
                ?.CodeMirror.getValue().includes({}) === true",
            json!(text)
        )
    };
    page.comes_to(&holds("Where did CONNECTION stand")).await;
    for (search, text) in [
        ("question=who-advised-prague", "query WhoAdvised("),
        (
            "proposal=UHJv_-1",
            r#"acceptProposal(input: { id: "UHJv_-1""#,
        ),
        (
            "challenge=TGVh_-1&project=connection&city=prague",
            r#"editLearning(input: { id: "TGVh_-1", outcome: "" })"#,
        ),
    ] {
        page.value(&format!("location.href = '/graphiql?{search}'"))
            .await;
        page.comes_to(&format!("location.search === '?{search}'"))
            .await;
        page.comes_to(&holds(text)).await;
    }
    let editor = "document.querySelector('.graphiql-query-editor .CodeMirror')?.CodeMirror";
    page.value("location.href = '/graphiql?proposal=%22)%7B'")
        .await;
    page.comes_to("location.search === '?proposal=%22)%7B'")
        .await;
    page.comes_to(&format!("{editor}?.getValue().length > 0"))
        .await;
    let shown = page.value(&format!("{editor}.getValue()")).await;
    assert!(!shown.as_str().unwrap().contains(r#"id: "")"#), "{shown}");
    // The list leads to the question that is chosen.
    page.value(
        "(() => { const list = document.querySelector('#questions select');
            list.value = 'who-advised-prague'; list.dispatchEvent(new Event('change')); })()",
    )
    .await;
    page.comes_to(&holds("query WhoAdvised(")).await;
}

#[tokio::test]
async fn graphiql_shows_each_change_that_it_subscribes_to() {
    let Some(chromium) = service("TEST_CHROMIUM") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (data, profile) = (folder.path().join("data"), folder.path().join("profile"));
    let up = up(&data, &[]);
    let mut page = Page::open(&chromium, &profile, &up.graphiql).await;
    let button = "document.querySelector('.graphiql-execute-button')";
    page.comes_to(&format!("{button} !== null")).await;
    let subscription =
        r#"subscription { projectChanged(key: "connection") { revision project { acronym } } }"#;
    page.value(&format!(
        "document.querySelector('.graphiql-query-editor .CodeMirror')
            .CodeMirror.setValue({})",
        json!(subscription)
    ))
    .await;
    page.value(&format!("{button}.click()")).await;
    let shows = |acronym: &str| {
        format!(
            "document.querySelector('.result-window .CodeMirror')
                .CodeMirror.getValue().includes('\"acronym\": \"{acronym}\"')"
        )
    };
    page.comes_to(&shows("CONNECTION")).await;
    for acronym in ["FIRST", "SECOND"] {
        let mut file = connection();
        file.project.acronym = acronym.into();
        let path = folder.path().join("project.json");
        fs::write(&path, file.to_json()).unwrap();
        let mut import = binary("connection");
        import.arg("import").arg(path).arg("--data").arg(&data);
        assert!(import.status().unwrap().success());
        page.comes_to(&shows(acronym)).await;
    }

    // Pressed again, the button ends it.
    page.value(&format!("{button}.click()")).await;
    let ended = async {
        let (client, metrics) = (reqwest::Client::new(), format!("{}/metrics", up.base));
        loop {
            let request = client.get(&metrics).header("cookie", up.operator());
            let text = request.send().await.unwrap().text().await.unwrap();
            if text
                .lines()
                .any(|line| line.ends_with("live_connections 0"))
            {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(SOON, ended).await.unwrap();
}
