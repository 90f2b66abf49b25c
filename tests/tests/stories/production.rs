//! `api` and `worker` as two processes, with a real mail server.

use std::{collections::BTreeMap, fs, path::PathBuf, process::Command, sync::Arc, time::Duration};

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{clock::Clock, file::ProjectFile, ids::Ids, job::Job, ledger, store::Store};
use entities::project;
use mail_parser::{Message, MessageParser};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tests::{TestDatabase, project::connection};
use worker::queue::Queue;

use crate::process::{OwnRedis, Running, binary, free_port, service, wait_for};

const SOON: Duration = Duration::from_secs(60);

fn now() -> DateTime<Utc> {
    Clock::System.now()
}

/// CONNECTION with one staff exchange that starts in fourteen days, and nobody else's addresses.
fn exchange_ahead(key: &str, today: NaiveDate) -> ProjectFile {
    let mut file = connection();
    file.project.key = key.into();
    file.project.starts_on = today - Days::new(100);
    file.project.ends_on = today + Days::new(300);
    file.outputs
        .retain(|output| output.key == "x_thessaloniki_delta_leg1");
    let exchange = &mut file.outputs[0];
    exchange.history.clear();
    exchange.starts = Some((today + Days::new(14)).into());
    exchange.ends = Some((today + Days::new(18)).into());
    for note in &mut file.notes {
        note.about.0.clear();
    }
    for person in &mut file.people {
        person.key = format!("{key}-{}", person.key);
        person.address = person
            .address
            .as_ref()
            .map(|address| address.replace(".example", &format!(".{key}.example")));
        person.time_zone = "Etc/UTC".into();
    }
    file.reminder_rules
        .retain(|rule| rule.key == "exchange-reminder");
    file.reminder_rules[0].at_time = "00:00".into();
    file
}

/// As if the project had come into the product the day before yesterday.
async fn came_in_earlier(db: &DatabaseConnection, key: &str) {
    project::Entity::update_many()
        .set(project::ActiveModel {
            created_at: Set(now() - Days::new(2)),
            next_plan_at: Set(None),
            ..Default::default()
        })
        .filter(project::Column::Key.eq(key))
        .exec(db)
        .await
        .unwrap();
}

pub struct Installation {
    pub database: TestDatabase,
    pub redis: Option<OwnRedis>,
    pub smtp_url: String,
    pub port: u16,
}

impl Installation {
    pub fn with(&self, mut command: Command) -> Command {
        command
            .env("DATABASE_URL", &self.database.url)
            .env("SMTP_URL", &self.smtp_url)
            .env("MAIL_FROM", "CONNECTION <connection@eurocities.example>")
            .env("BASE_URL", "https://connection.example")
            .env("LINK_KEY", "0123456789abcdef0123456789abcdef")
            .env("LISTEN", format!("127.0.0.1:{}", self.port))
            .env("OPERATOR", "loopback")
            .env("HINT_SECONDS", "2");
        if let Some(redis) = &self.redis {
            command.env("REDIS_URL", &redis.url);
        }
        command
    }

    pub fn import(&self, file: &ProjectFile) {
        let path = self.database.folder.path().join("project.json");
        fs::write(&path, file.to_json()).unwrap();
        let mut command = self.with(binary("connection"));
        let output = command.arg("import").arg(path).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    async fn ask(&self, query: &str) -> Value {
        let url = format!("http://127.0.0.1:{}/graphql", self.port);
        let client = reqwest::Client::new();
        let answer = client
            .post(url)
            .json(&json!({ "query": query }))
            .send()
            .await
            .unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].clone()
    }
}

/// The mails that the sink took for addresses that end so, by address: each with its file's text.
pub fn arrived(folder: &str, domain: &str) -> BTreeMap<String, Vec<String>> {
    let mut mails: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    for file in files {
        // A file is there while its mail still arrives, and may be gone when another test cleans up.
        let Ok(bytes) = fs::read(&file) else { continue };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for line in text
            .lines()
            .filter(|line| line.starts_with("X-Rcpt-Args: "))
        {
            let address: String = line
                .chars()
                .skip_while(|c| *c != '<')
                .skip(1)
                .take_while(|c| *c != '>')
                .collect();
            if address.ends_with(domain) && text.contains("\n--") {
                mails.entry(address).or_default().push(text.clone());
            }
        }
    }
    mails
}

/// The mail itself, without the lines that the sink put before it.
pub fn parse(text: &str) -> Message<'_> {
    MessageParser::default().parse(text.as_bytes()).unwrap()
}

/// A reminder goes all the way: planned, claimed, told to the queue, sent, and shown by the API.
async fn a_reminder_arrives(database: TestDatabase, redis: Option<OwnRedis>) {
    let Some(smtp_url) = service("TEST_SMTP_URL") else {
        return;
    };
    let sink = service("TEST_SMTP_DIR").unwrap();
    let key = format!("arrives{}", free_port());
    let here = Installation {
        database,
        redis,
        smtp_url,
        port: free_port(),
    };
    here.import(&exchange_ahead(&key, now().date_naive()));
    came_in_earlier(&here.database.db, &key).await;

    let mut api = Running::start(here.with(binary("api")));
    let mut worker = Running::start(here.with(binary("worker")));
    worker.line_with("waits for mail", SOON);
    api.line_with(&here.port.to_string(), SOON);
    let domain = format!(".{key}.example");
    let expected = [
        format!("exchanges@anatoliki{domain}"),
        format!("exchanges@delta{domain}"),
        format!("exchanges@thessaloniki{domain}"),
    ];
    let mails = wait_for("the reminder", SOON, || {
        let mails = arrived(&sink, &domain);
        expected
            .iter()
            .all(|address| mails.contains_key(address))
            .then_some(mails)
    });
    let host = &mails[&expected[2]];
    assert_eq!(host.len(), 1);
    let mail = parse(&host[0]);
    println!("{}", host[0]);
    assert!(
        mail.subject().unwrap().contains("Thessaloniki"),
        "{:?}",
        mail.subject()
    );
    assert!(
        mail.body_text(0).unwrap().contains("14 days"),
        "{:?}",
        mail.body_text(0)
    );
    assert!(mail.body_html(0).unwrap().contains("<table"));
    let unsubscribe = mail
        .header_raw("List-Unsubscribe")
        .unwrap()
        .trim()
        .to_owned();
    assert!(unsubscribe.starts_with("<https://connection.example/unsubscribe?token="));

    let asked = format!(
        "{{ project(key: {key:?}) {{ acronym notifications(first: 50) {{ nodes {{ category state }} }} }} }}"
    );
    let answer = here.ask(&asked).await;
    let rows = answer["project"]["notifications"]["nodes"]
        .as_array()
        .unwrap()
        .clone();
    let sent = rows.iter().filter(|row| row["state"] == "SENT").count();
    assert_eq!(sent, mails.len(), "{rows:?}");
    one_click_declines_the_category(&here, &unsubscribe).await;
    assert!(worker.stop().success());
    assert!(api.stop().success());
    assert_eq!(
        arrived(&sink, &domain).values().map(Vec::len).max(),
        Some(1)
    );
}

/// As a mail reader does it (RFC 8058): POST, without signing in. A look alone declines nothing.
async fn one_click_declines_the_category(here: &Installation, header: &str) {
    let token = header
        .trim_matches(['<', '>'])
        .split_once("token=")
        .unwrap()
        .1
        .to_owned();
    let url = format!("http://127.0.0.1:{}/unsubscribe?token={token}", here.port);
    let client = reqwest::Client::new();
    let declined = || async {
        let rows = entities::unsubscription::Entity::find()
            .all(&here.database.db)
            .await
            .unwrap();
        rows.len()
    };
    let page = client.get(&url).send().await.unwrap();
    assert!(page.status().is_success());
    assert_eq!(declined().await, 0);
    let form = "List-Unsubscribe=One-Click";
    let post = client
        .post(&url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    assert!(post.send().await.unwrap().status().is_success());
    assert_eq!(declined().await, 1);
    let forged = client
        .post(format!("{url}x"))
        .body(form)
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status().as_u16(), 404);
}

#[tokio::test]
async fn a_reminder_arrives_over_postgresql_redis_and_smtp() {
    if let Some(database) = TestDatabase::postgres().await {
        a_reminder_arrives(database, Some(OwnRedis::start())).await;
    }
}

#[tokio::test]
async fn a_reminder_arrives_over_sqlite_and_smtp() {
    a_reminder_arrives(TestDatabase::sqlite().await, None).await;
}

#[tokio::test]
async fn a_wiped_redis_between_planning_and_sending_loses_and_doubles_nothing() {
    let Some(smtp_url) = service("TEST_SMTP_URL") else {
        return;
    };
    let sink = service("TEST_SMTP_DIR").unwrap();
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let redis = OwnRedis::start();
    let key = format!("wiped{}", free_port());
    let here = Installation {
        database,
        redis: Some(redis),
        smtp_url,
        port: free_port(),
    };
    here.import(&exchange_ahead(&key, now().date_naive()));
    came_in_earlier(&here.database.db, &key).await;
    let redis = here.redis.as_ref().unwrap();

    let store = Arc::new(Store::new(
        here.database.db.clone(),
        Clock::System,
        Ids::Fresh,
    ));
    let project = store.project(&key).await.unwrap();
    let claimed = ledger::claim(store.db(), &project, store.ids(), now())
        .await
        .unwrap();
    assert!(claimed >= 3);
    let queue = Queue::redis(&redis.url).await.unwrap();
    let hints = ledger::hints(store.db(), now(), 1000, 2).await.unwrap();
    for id in &hints {
        queue.push(Job::SendMail(*id)).await.unwrap();
    }
    assert_eq!(queue.outstanding().await.unwrap(), hints.len() as u64);
    redis.command("FLUSHALL").unwrap();

    let worker = Running::start(here.with(binary("worker")));
    let domain = format!(".{key}.example");
    let mails = wait_for("every mail", SOON, || {
        let mails = arrived(&sink, &domain);
        (mails.len() == hints.len()).then_some(mails)
    });
    assert!(mails.values().all(|mails| mails.len() == 1));
    redis.command("FLUSHALL").unwrap();
    std::thread::sleep(Duration::from_secs(5));
    assert!(worker.stop().success());
    assert!(
        arrived(&sink, &domain)
            .values()
            .all(|mails| mails.len() == 1)
    );
}

#[tokio::test]
async fn two_workers_send_each_mail_once() {
    let Some(smtp_url) = service("TEST_SMTP_URL") else {
        return;
    };
    let sink = service("TEST_SMTP_DIR").unwrap();
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let key = format!("both{}", free_port());
    let here = Installation {
        database,
        redis: Some(OwnRedis::start()),
        smtp_url,
        port: free_port(),
    };
    let mut file = exchange_ahead(&key, now().date_naive());
    file.reminder_rules[0]
        .audience
        .0
        .push(entities::Audience::Partners);
    here.import(&file);
    came_in_earlier(&here.database.db, &key).await;
    let workers = [(), ()].map(|()| Running::start(here.with(binary("worker"))));
    let domain = format!(".{key}.example");
    let addresses = file
        .people
        .iter()
        .filter(|person| {
            person
                .roles
                .iter()
                .any(|role| role.kind == entities::RoleKind::Partner)
        })
        .filter(|person| person.address.is_some())
        .count();
    wait_for("every mail", SOON, || {
        (arrived(&sink, &domain).len() == addresses).then_some(())
    });
    for worker in workers {
        assert!(worker.stop().success());
    }
    assert!(
        arrived(&sink, &domain)
            .values()
            .all(|mails| mails.len() == 1)
    );
}
