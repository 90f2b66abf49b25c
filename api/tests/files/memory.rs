//! What files take of a process's memory, however many are sent and fetched at once.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{clock::Clock, command::Import, database, ids::Ids, store::Store};
use futures::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
};

use super::{staffed, token};

/// How many files are sent, and fetched, at once.
const FILES: usize = 30;
const FILE_BYTES: usize = 10 * 1024 * 1024;
/// By how much memory may grow, in kB: half of what the files hold.
const GROWTH: usize = 150 * 1024;

struct Process {
    process: Child,
    address: String,
    token: String,
    _dir: tempfile::TempDir,
}

impl Drop for Process {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Process {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.sqlite?mode=rwc", dir.path().display());
        let db = database::connect(&url).await.unwrap();
        migration::migrate(&db).await.unwrap();
        let store = Store::new(db, Clock::System, Ids::Fresh);
        store.import(&staffed(), Import::default()).await.unwrap();
        let token = token(&store, "city", "connection").await;
        store.db().clone().close().await.unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_api"))
            .env_clear()
            .env("DATABASE_URL", &url)
            .env("LINK_KEY", "0123456789abcdef0123456789abcdef")
            .env("LISTEN", "127.0.0.1:0")
            .env("FILES_FOLDER", dir.path().join("files"))
            .env("LIMIT_FILES_AT_ONCE_EACH", FILES.to_string())
            // Whatever machine this runs on, without optimisation.
            .env("REQUEST_SECONDS", "600")
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
            token,
            _dir: dir,
        }
    }

    /// The most memory that it had so far, in kB.
    fn peak(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let number = line.split_whitespace().next().unwrap();
        number.parse().unwrap()
    }

    async fn is_alive(&self) {
        let asked = Instant::now();
        let health = reqwest::get(format!("http://{}/healthz", self.address)).await;
        assert_eq!(health.unwrap().status(), 200);
        // A second of a release build on a machine with nothing else to do.
        assert!(
            asked.elapsed() < Duration::from_secs(5),
            "{:?}",
            asked.elapsed()
        );
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_files_at_once_take_no_more_memory_than_their_buffers() {
    let process = Arc::new(Process::start().await);
    process.is_alive().await;
    let before = process.peak();
    let file = bytes::Bytes::from([b"%PDF-1.7".to_vec(), vec![0; FILE_BYTES]].concat());
    let client = reqwest::Client::new();
    let sending = (0..FILES).map(|_| {
        let request = client.post(format!("http://{}/uploads", process.address));
        let request = request.bearer_auth(&process.token).body(file.clone());
        async move { request.send().await.unwrap() }
    });
    let watching = tokio::spawn({
        let process = Arc::clone(&process);
        async move {
            for _ in 0..5 {
                process.is_alive().await;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    });
    let mut upload = String::new();
    for sent in join_all(sending).await {
        assert_eq!(sent.status(), 201);
        let sent: serde_json::Value = sent.json().await.unwrap();
        upload = sent["upload"].as_str().unwrap().to_owned();
    }
    watching.await.unwrap();
    let grown = process.peak() - before;
    assert!(grown < GROWTH, "{FILES} uploads took {grown} kB");

    let path = evidence(&process, &client, &upload).await;
    let before = process.peak();
    let reading = (0..FILES).map(|_| slow_reader(&process, &path));
    let readers = join_all(reading).await;
    process.is_alive().await;
    let grown = process.peak() - before;
    assert!(
        grown < GROWTH,
        "{} slow readers took {grown} kB",
        readers.len()
    );
    // One more waits for its turn; once they are gone, it is served whole.
    let request = || {
        let request = client.get(format!("http://{}{path}", process.address));
        request.bearer_auth(&process.token).send()
    };
    assert_eq!(request().await.unwrap().status(), 429);
    drop(readers);
    let whole = loop {
        let response = request().await.unwrap();
        if response.status() == 200 {
            break response.bytes().await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(whole, file);
}

/// Makes evidence of an upload; gives the path of its file.
async fn evidence(process: &Process, client: &reqwest::Client, upload: &str) -> String {
    let ask = async |query: String| {
        let request = client.post(format!("http://{}/graphql", process.address));
        let request = request.bearer_auth(&process.token);
        let body = serde_json::json!({ "query": query });
        let answer = request.json(&body).send().await.unwrap();
        answer.json::<serde_json::Value>().await.unwrap()
    };
    let outputs = "{ project(key: \"connection\") { outputs(first: 100, filter: { kinds: [STAFF_EXCHANGE] }) { nodes { id key } } } }";
    let answer = ask(outputs.to_owned()).await;
    let nodes = answer["data"]["project"]["outputs"]["nodes"]
        .as_array()
        .unwrap();
    let leg = nodes.iter().find(|one| one["key"] == super::LEG).unwrap();
    let answer = ask(format!(
        "mutation {{ addEvidence(input: {{ output: {}, proof: {{ upload: \"{upload}\" }} }}) {{
            output {{ evidence {{ downloadPath }} }} userErrors {{ code }} }} }}",
        leg["id"]
    ))
    .await;
    let evidence = answer["data"]["addEvidence"]["output"]["evidence"].as_array();
    let path = evidence.and_then(|all| all.last()?["downloadPath"].as_str());
    path.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// A client that takes the beginning of a file and then no more.
async fn slow_reader(process: &Process, path: &str) -> tokio::net::TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let address = process.address.parse().unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: files.example\r\nauthorization: Bearer {}\r\n\r\n",
        process.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut beginning = [0; 512];
    stream.read_exact(&mut beginning).await.unwrap();
    assert!(beginning.starts_with(b"HTTP/1.1 200"));
    stream
}
