//! Attacks on a running process: what each is answered, and how much of a processor it takes.
//!
//! docs/LIMITS.md has the table that it prints. Another build is attacked by
//! `ATTACKED=target/release/api cargo test -p api attacks -- --nocapture`.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use domain::{clock::Clock, command::Import, data, database, file, ids::Ids, store::Store};
use serde_json::{Value, json};

/// What an attack may take in a release build.
const RELEASE: Duration = Duration::from_millis(50);
/// The same without optimisation, for whatever machine the tests run on.
const DEBUG: Duration = Duration::from_secs(5);

/// A process that serves the embedded project.
struct Target {
    process: Child,
    address: String,
    _dir: tempfile::TempDir,
}

impl Drop for Target {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Target {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.sqlite?mode=rwc", dir.path().display());
        let db = database::connect(&url).await.unwrap();
        migration::migrate(&db).await.unwrap();
        let store = Store::new(db, Clock::System, Ids::Fresh);
        let file = file::read(data::CONNECTION).unwrap();
        store.import(&file, Import::default()).await.unwrap();
        store.db().clone().close().await.unwrap();
        let program = env::var("ATTACKED").unwrap_or_else(|_| env!("CARGO_BIN_EXE_api").to_owned());
        let mut process = Command::new(program)
            .env_clear()
            .env("DATABASE_URL", &url)
            .env("LINK_KEY", "0123456789abcdef0123456789abcdef")
            .env("LISTEN", "127.0.0.1:0")
            // The rate limits have a test of their own; here all comes from one address.
            .env("LIMIT_RATE", "0")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = log
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("http://")?.1.to_owned()))
            .unwrap();
        std::thread::spawn(move || log.for_each(drop));
        Self {
            process,
            address,
            _dir: dir,
        }
    }

    /// How long its threads have run on a processor.
    fn spent(&self) -> Duration {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.process.id())).unwrap();
        let nanos = tasks.flatten().filter_map(|task| {
            let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanos.sum())
    }

    fn send(&self, attack: &Attack) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let mut reading = stream.try_clone().unwrap();
        let writing = match &attack.sent {
            Sent::Whole { head, body } => {
                let length = body.len();
                let head = format!(
                    "{head}host: attacked.example\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
                );
                stream.write_all(head.as_bytes()).unwrap();
                // It may be refused before all of it is sent.
                let _ = stream.write_all(body.as_bytes());
                None
            }
            Sent::Chunks { most } => {
                let most = *most;
                Some(std::thread::spawn(move || {
                    let head = "POST /graphql HTTP/1.1\r\nhost: attacked.example\r\n\
                        content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
                    stream.write_all(head.as_bytes()).unwrap();
                    let chunk = format!("1000\r\n{}\r\n", "[".repeat(0x1000));
                    let mut sent = 0;
                    while sent < most && stream.write_all(chunk.as_bytes()).is_ok() {
                        sent += chunk.len();
                    }
                    let _ = stream.write_all(b"0\r\n\r\n");
                    sent
                }))
            }
        };
        let mut answer = Vec::new();
        let mut part = [0; 65536];
        let is_whole = |answer: &[u8]| {
            let text = String::from_utf8_lossy(answer);
            text.split_once("\r\n\r\n").is_some_and(|(_, body)| {
                serde_json::from_str::<Value>(body).is_ok() || text.contains("This page takes")
            })
        };
        // An error means that the other side has closed.
        while let Ok(length @ 1..) = reading.read(&mut part) {
            answer.extend_from_slice(&part[..length]);
            if answer.len() < 4096 && is_whole(&answer) {
                break;
            }
        }
        let _ = reading.shutdown(Shutdown::Both);
        if let Some(writing) = writing {
            let sent = writing.join().unwrap();
            assert!(sent < ENDLESS, "a body was read without end");
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.get(9..12).and_then(|status| status.parse().ok());
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body);
        (
            status.unwrap_or_default(),
            body.unwrap_or_default().to_owned(),
        )
    }
}

/// More than any buffers between the two hold.
const ENDLESS: usize = 64 * 1024 * 1024;

enum Sent {
    /// A request's line and headers, and its body.
    Whole { head: String, body: String },
    /// A body in chunks, until the other side has enough of it or so many bytes are sent.
    Chunks { most: usize },
}

struct Attack {
    name: &'static str,
    sent: Sent,
    status: u16,
    /// The code of the error; empty: there are data.
    code: &'static str,
}

const JSON: &str = "application/json";

fn typed(
    name: &'static str,
    media_type: &str,
    body: String,
    status: u16,
    code: &'static str,
) -> Attack {
    let head = format!(
        "POST /graphql HTTP/1.1\r\naccept: application/graphql-response+json\r\n\
         content-type: {media_type}\r\n"
    );
    Attack {
        name,
        sent: Sent::Whole { head, body },
        status,
        code,
    }
}

fn body(name: &'static str, body: String, status: u16, code: &'static str) -> Attack {
    typed(name, JSON, body, status, code)
}

/// A document that is refused by this code, or answered where there is none.
fn document(name: &'static str, query: &str, code: &'static str) -> Attack {
    let status = if code.is_empty() { 200 } else { 400 };
    body(name, json!({ "query": query }).to_string(), status, code)
}

/// A text many times over, with its number in the place of `#`.
fn many(count: usize, part: &str) -> String {
    (0..count)
        .map(|n| part.replace('#', &n.to_string()))
        .collect()
}

fn brackets(attacks: &mut Vec<Attack>) {
    for (depth, names) in [
        (
            2_000,
            [
                "2,000 nested lists",
                "2,000 nested objects",
                "2,000 nested lists in variables",
                "2,000 nested objects in variables",
                "2,000 nested fields",
            ],
        ),
        (
            50_000,
            [
                "50,000 nested lists",
                "50,000 nested objects",
                "50,000 nested lists in variables",
                "50,000 nested objects in variables",
                "50,000 nested fields",
            ],
        ),
    ] {
        let nested =
            |open: &str, close: &str| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        let too_long = depth == 50_000;
        let code = if too_long {
            "DOCUMENT_TOO_LONG"
        } else {
            "NESTED_TOO_DEEP"
        };
        for (name, value) in names
            .into_iter()
            .zip([nested("[", "]"), nested("{a:", "}")])
        {
            let (status, code) = match value.len() {
                200_000.. => (400, "DOCUMENT_TOO_LONG"),
                _ => (400, code),
            };
            let query = format!("{{ node(id: {value}) {{ id }} }}");
            attacks.push(body(
                name,
                json!({ "query": query }).to_string(),
                status,
                code,
            ));
        }
        for (name, value) in names[2..]
            .iter()
            .zip([nested("[", "]"), nested("{\"a\":", "}")])
        {
            let (status, code) = match value.len() {
                262_144.. => (413, "PAYLOAD_TOO_LARGE"),
                _ => (400, "NESTED_TOO_DEEP"),
            };
            let query = "query($id: ID!) { node(id: $id) { id } }";
            let text = format!("{{\"query\": \"{query}\", \"variables\": {{\"id\": {value}}}}}");
            attacks.push(body(name, text, status, code));
        }
        let fields = format!("{}{}", "{a".repeat(depth), "}".repeat(depth));
        attacks.push(document(names[4], &fields, code));
    }
}

fn documents(attacks: &mut Vec<Attack>) {
    let doubling = many(31, " fragment f# on Query { ...f@ ...f@ }");
    let doubling = (0..31).fold(doubling, |text, n| {
        text.replacen("@", &(n + 1).to_string(), 2)
    });
    let chain = (0..300).fold(String::new(), |text, n| {
        text + &format!(" fragment f{n} on Query {{ ...f{} }}", n + 1)
    });
    let interfaces = (0..6).fold("id".to_owned(), |text, _| {
        format!("... on Partner {{ outputs {{ nodes {{ lead {{ {text} }} }} }} }}")
    });
    let circle =
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    let again = "{ node(id: \"x\") { id } } ";
    let wide = "{ project(key: \"connection\") { partners(first: 100) { nodes { \
        outputs(first: 100) { nodes { sources { key } } } } } } }";
    let greatest = "{ project(key: \"connection\") { partners(first: 2147483647) { nodes { \
        outputs(first: 2147483647) { nodes { id } } } } } }";
    for (name, query, code) in [
        (
            "a chain of 31 doubling fragments",
            format!("{{ ...f0 }}{doubling} fragment f31 on Query {{ __typename }}"),
            "TOO_MANY_FIELDS",
        ),
        (
            "a fragment that contains itself",
            "{ ...f } fragment f on Query { ...f }".to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "a chain of 300 fragments",
            format!("{{ ...f0 }}{chain} fragment f300 on Query {{ __typename }}"),
            "NESTED_TOO_DEEP",
        ),
        (
            "100 KB of a document",
            format!("{{ a }} #{}", "x".repeat(100_000)),
            "DOCUMENT_TOO_LONG",
        ),
        (
            "10,000 tokens",
            format!("{{ {}}}", "a ".repeat(5_000)),
            "TOO_MANY_TOKENS",
        ),
        (
            "2,500 fields",
            format!("{{ project(key: \"a\") {{ {}}} }}", "id ".repeat(2_500)),
            "TOO_MANY_FIELDS",
        ),
        (
            "1,900 times the same field",
            format!(
                "{{ project(key: \"connection\") {{ {}}} }}",
                "id ".repeat(1_900)
            ),
            "",
        ),
        (
            "1,900 unknown fields",
            format!("{{ project(key: \"a\") {{ {}}} }}", many(1_900, "x# ")),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "150 aliases",
            format!("{{ project(key: \"a\") {{ {}}} }}", many(150, "x#: id ")),
            "TOO_MANY_ALIASES",
        ),
        (
            "100 conflicting aliases",
            format!(
                "{{ project(key: \"a\") {{ {} {} }} }}",
                many(50, "x#: id "),
                many(50, "x#: key ")
            ),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "30 fields of the root",
            format!("{{ {}}}", "__typename ".repeat(30)),
            "TOO_MANY_ROOT_FIELDS",
        ),
        (
            "300 directives",
            format!("{{ a {}}}", "@skip(if: true) ".repeat(300)),
            "TOO_MANY_DIRECTIVES",
        ),
        (
            "50 times the same directive",
            format!("{{ __typename {}}}", "@skip(if: true) ".repeat(50)),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "500 variables",
            format!("query({}) {{ __typename }}", many(500, "$v#: Int ")),
            "TOO_MANY_VARIABLES",
        ),
        (
            "25 levels of fields",
            format!("{}{}", "{ a ".repeat(25), "}".repeat(25)),
            "TOO_DEEP",
        ),
        ("pages of pages", wide.to_owned(), "TOO_COMPLEX"),
        (
            "pages of two thousand million",
            greatest.to_owned(),
            "TOO_COMPLEX",
        ),
        (
            "pages under an interface",
            format!("{{ node(id: \"x\") {{ {interfaces} }} }}"),
            "TOO_COMPLEX",
        ),
        ("circles of introspection", circle.to_owned(), "TOO_DEEP"),
        (
            "a wrong literal of a scalar",
            "{ project(key: \"a\", asOf: 7) { id } }".to_owned(),
            "BAD_USER_INPUT",
        ),
        (
            "30 KB of an argument",
            format!("{{ project(key: \"{}\") {{ id }} }}", "x".repeat(30_000)),
            "NOT_FOUND",
        ),
        (
            "30 operations without a name",
            again.repeat(30),
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ] {
        let mut attack = document(name, &query, code);
        if code == "NOT_FOUND" {
            attack.status = 200;
        }
        attacks.push(attack);
    }
}

fn bodies(attacks: &mut Vec<Attack>) {
    let ids = vec!["x"; 50_000];
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let ids = json!({ "query": query, "variables": { "ids": ids } });
    let numbers = json!({ "query": "{ __typename }", "variables": { "x": vec![1; 120_000] } });
    let batch = Value::from(vec![json!({ "query": "{ __typename }" }); 100]);
    let multipart =
        "--x\r\ncontent-disposition: form-data; name=\"query\"\r\n\r\n{ __typename }\r\n--x--";
    let simple = json!({ "query": "{ __typename }" }).to_string();
    attacks.extend([
        body(
            "300 KB of a body",
            " ".repeat(300 * 1024),
            413,
            "PAYLOAD_TOO_LARGE",
        ),
        Attack {
            name: "300 KB of a body in chunks",
            sent: Sent::Chunks { most: 300 * 1024 },
            status: 413,
            code: "PAYLOAD_TOO_LARGE",
        },
        Attack {
            name: "a body in chunks that never ends",
            sent: Sent::Chunks { most: ENDLESS },
            status: 413,
            code: "PAYLOAD_TOO_LARGE",
        },
        body("a batch of 100", batch.to_string(), 400, "BATCH_REFUSED"),
        body("50,000 ids", ids.to_string(), 400, "TOO_COMPLEX"),
        body("240 KB of unknown variables", numbers.to_string(), 200, ""),
        typed(
            "a form of another site",
            "multipart/form-data; boundary=x",
            multipart.to_owned(),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        typed(
            "plain text of another site",
            "text/plain",
            simple,
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        Attack {
            name: "a mutation by GET",
            sent: Sent::Whole {
                head: "GET /graphql?query=mutation%7Bx%7D HTTP/1.1\r\n".to_owned(),
                body: String::new(),
            },
            status: 405,
            code: "",
        },
    ]);
}

/// Not attacks: what is allowed at most.
fn allowed(attacks: &mut Vec<Attack>) {
    let introspection = "{ __schema { types { name kind description fields(includeDeprecated: true) { \
        name description args { name description type { ...T } defaultValue } type { ...T } } \
        inputFields { name type { ...T } } interfaces { ...T } enumValues { name description } \
        possibleTypes { ...T } } } } fragment T on __Type { kind name ofType { kind name ofType { \
        kind name ofType { kind name } } } }";
    let longest = "{ project(key: \"connection\", asOf: \"2022-12-31\") { partners(first: 23) { nodes { \
        id key outputs(first: 60) { nodes { id title state startsOn endsOn kind key dueOn \
        overdue lead { key } community { key } sources { key } } } } } } }";
    let figures = "{ project(key: \"connection\") { progress(asOf: \"2022-12-31\") { reconciles figures { \
        reconciles planned reported verified byCommunity { parts { planned reported } } \
        byPartner { parts { planned reported } } items(first: 50) { nodes { id title } } } } } }";
    for (name, query) in [
        ("allowed: introspection", introspection),
        ("allowed: a long answer", longest),
        ("allowed: all figures in parts", figures),
    ] {
        attacks.push(document(name, query, ""));
    }
}

#[tokio::test]
async fn attacks_are_refused_cheaply_and_the_process_answers_on() {
    let target = Target::start().await;
    let mut attacks = Vec::new();
    bodies(&mut attacks);
    brackets(&mut attacks);
    documents(&mut attacks);
    allowed(&mut attacks);
    let most = if env::var("ATTACKED").is_ok() {
        RELEASE
    } else {
        DEBUG
    };
    // The first request of all loads the project.
    let plain = document("", "{ project(key: \"connection\") { id } }", "");
    assert_eq!(target.send(&plain).0, 200);
    println!("| attack | answer | CPU time |\n| --- | --- | --: |");
    let mut wrong = Vec::new();
    for attack in &attacks {
        let before = target.spent();
        let (status, answer) = target.send(attack);
        let took = target.spent().saturating_sub(before);
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let code = answer["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default();
        let said = if code.is_empty() {
            String::new()
        } else {
            format!(" `{code}`")
        };
        let millis = took.as_secs_f64() * 1000.0;
        println!("| {} | {status}{said} | {millis:.1} ms |", attack.name);
        if (status, code) != (attack.status, attack.code) || took > most {
            wrong.push(format!(
                "{}: {status} {code} {took:?}: {answer:.300}",
                attack.name
            ));
        }
        assert_eq!(target.send(&plain).0, 200, "after {}", attack.name);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
