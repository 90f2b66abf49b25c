//! Attacks on a running API: each is refused, the process lives, and others are served meanwhile.
//!
//! `tests/attacks/run` prints each as a row of a table, against release binaries. A new row is a
//! test that starts a [`Target`] and calls [`Target::withstands`] with a name and the attack, which
//! returns what was answered.

mod answers;
mod connections;
mod files;
mod subscriptions;

use std::{
    fs,
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::oneshot,
    time::{sleep, timeout},
};

use crate::{
    process::{Running, binary, free_port, wait_for},
    sign_in,
};

const SOON: Duration = Duration::from_secs(60);

const LINK_KEY: &str = "0123456789abcdef0123456789abcdef";

/// The memory that a process may have, as the limit of its address space.
const ADDRESS_SPACE: u64 = 3 * 1024 * 1024 * 1024;

/// The most that an attack may add to the memory of the process, in KiB.
const MEMORY: u64 = 150 * 1024;

/// The time in which others are answered during an attack: a second on release binaries; without
/// optimisation, and beside other stories, it takes longer to work anything out.
fn patience() -> Duration {
    Duration::from_secs(match std::env::var_os("CONNECTION_BINARIES") {
        Some(_) => 1,
        None => 5,
    })
}

/// Held during an attack: each is by itself, so that others wait for it alone.
static ONE: Mutex<()> = Mutex::new(());

/// Where attackers are, and where others are.
pub const ATTACKER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 66);
pub const OTHERS: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// A running API with the CONNECTION project, whose clients are strangers, also on this machine.
pub struct Target {
    running: Running,
    pub address: SocketAddr,
    /// The address of the metrics.
    pub metrics: SocketAddr,
    database: String,
    folder: TempDir,
    _one: MutexGuard<'static, ()>,
}

impl Target {
    pub fn start(settings: &[(&str, &str)]) -> Self {
        Self::holding(&[], settings)
    }

    /// The same with other projects beside CONNECTION, each as a file.
    pub fn holding(projects: &[String], settings: &[(&str, &str)]) -> Self {
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/data.sqlite", folder.path().display());
        let connection = [domain::data::CONNECTION];
        for text in connection
            .into_iter()
            .chain(projects.iter().map(|text| &**text))
        {
            let project = folder.path().join("project.json");
            fs::write(&project, text).unwrap();
            let mut import = binary("connection");
            import.env("DATABASE_URL", &url).arg("import").arg(&project);
            let output = import.output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
        }
        let (address, metrics) = (local(free_port()), local(free_port()));
        let mut api = binary("api");
        api.env("DATABASE_URL", &url)
            .env("LINK_KEY", LINK_KEY)
            .env("LISTEN", address.to_string())
            .env("METRICS_LISTEN", metrics.to_string())
            .env("TRUSTED_PROXIES", "10.0.0.1")
            .env("FILES_FOLDER", folder.path().join("files"))
            .envs(settings.iter().copied());
        let mut running = Running::start(api);
        running.line_with(&format!("http://{address}"), SOON);
        wait_for("the metrics", SOON, || {
            std::net::TcpStream::connect(metrics).ok()
        });
        let target = Self {
            running,
            address,
            metrics,
            database: url,
            folder,
            _one: one,
        };
        target.limit(Resource::As, ADDRESS_SPACE);
        target
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A command of the operator on the same database.
    pub fn command(&self) -> Command {
        let mut command = binary("connection");
        command
            .env("DATABASE_URL", &self.database)
            .env("FILES_FOLDER", self.folder.path().join("files"))
            .env("LINK_KEY", LINK_KEY)
            .env("BASE_URL", self.url());
        command
    }

    /// Limits a resource of the process from now on.
    pub fn limit(&self, resource: Resource, most: u64) {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        let id = i32::try_from(self.running.child.id()).unwrap();
        prlimit(Pid::from_raw(id), resource, limit).unwrap();
    }

    /// Runs an attack, which returns what was answered; asserts that the process lives and answers
    /// others meanwhile, and prints a row of the table.
    pub async fn withstands<A: Into<String>>(
        &mut self,
        name: &str,
        attack: impl Future<Output = A>,
    ) {
        let (cpu, memory) = (self.cpu(), self.memory());
        let (stop, mut stopped) = oneshot::channel::<()>();
        let address = self.address;
        let others = tokio::spawn(async move {
            let mut slowest = Duration::ZERO;
            while stopped.try_recv().is_err() {
                slowest = slowest.max(health(address).await);
                sleep(Duration::from_millis(100)).await;
            }
            slowest
        });
        let answer: String = attack.await.into();
        let _ = stop.send(());
        let slowest = others.await.unwrap().max(health(self.address).await);
        let ended = self.running.child.try_wait().unwrap();
        assert_eq!(ended, None, "{name}: it ended: {}", self.running.log());
        let after = self.memory();
        println!(
            "| {name} | {answer} | {} ms | {} MB | {} MB | {} ms |",
            (self.cpu() - cpu).as_millis(),
            memory / 1024,
            after / 1024,
            slowest.as_millis(),
        );
        let grown = after.saturating_sub(memory);
        assert!(grown < MEMORY, "{name}: it took {grown} KiB more");
        assert!(
            slowest < patience(),
            "{name}: others waited for {slowest:?}"
        );
    }

    /// The time on a processor until now.
    pub fn cpu(&self) -> Duration {
        let text = fs::read_to_string(self.proc("stat")).unwrap();
        let (_, fields) = text.rsplit_once(") ").unwrap();
        // After the state: utime and stime are the 14th and 15th of all.
        let ticks = |at: usize| -> u64 {
            let mut fields = fields.split(' ');
            fields.nth(at - 3).unwrap().parse().unwrap()
        };
        Duration::from_millis((ticks(14) + ticks(15)) * 10)
    }

    /// The most memory that it ever had, in KiB.
    pub fn memory(&self) -> u64 {
        let text = fs::read_to_string(self.proc("status")).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let line = line.unwrap().trim().trim_end_matches(" kB");
        line.parse().unwrap()
    }

    fn proc(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.running.child.id())
    }

    /// The value of a metric, 0 before it is counted.
    pub async fn metric(&self, name: &str) -> u64 {
        metric(self.metrics, name).await
    }
}

/// The value of a metric at this address, 0 before it is counted.
pub async fn metric(metrics: SocketAddr, name: &str) -> u64 {
    let page = ask(metrics, OTHERS, "/metrics").await.unwrap();
    let mut lines = page.lines();
    let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0, |value| value.trim().parse().unwrap())
}

/// A token that may write, of somebody new in this role.
pub fn token(target: &Target, role: &str) -> String {
    let printed = |arguments: &[&str]| sign_in::printed(target.command(), arguments);
    let address = format!("{role}@attackers.example");
    let person = ["--key", role, "--address", &address];
    let project = ["--project", "connection"];
    let add = ["user", "add", "--role", role];
    printed(&[&add[..], &person, &project].concat());
    let make = ["token", "create", "--name", "story", "--may-write"];
    let told = printed(&[&make[..], &["--person", role], &project].concat());
    told.trim().to_owned()
}

pub fn local(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// A connection from an address of this machine.
pub async fn connect(to: SocketAddr, from: Ipv4Addr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    // Who reads slowly has no room for what is sent meanwhile.
    socket.set_recv_buffer_size(16 * 1024)?;
    socket.bind(SocketAddr::new(from.into(), 0))?;
    socket.connect(to).await
}

/// The answer to a GET, as it comes.
pub async fn ask(to: SocketAddr, from: Ipv4Addr, path: &str) -> io::Result<String> {
    let mut stream = connect(to, from).await?;
    let head = format!("GET {path} HTTP/1.1\r\nhost: attacked\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// How long somebody else waited for `/healthz`.
async fn health(address: SocketAddr) -> Duration {
    let start = Instant::now();
    let answer = timeout(SOON, ask(address, OTHERS, "/healthz")).await;
    let answer = answer.expect("an answer in time").expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    start.elapsed()
}

/// How many of these connections the server closes in time; bytes before the end are dropped.
pub async fn closed(streams: Vec<TcpStream>, within: Duration) -> usize {
    let ends = streams.into_iter().map(|mut stream| async move {
        let mut rest = Vec::new();
        timeout(within, stream.read_to_end(&mut rest)).await.is_ok()
    });
    let ends = futures::future::join_all(ends).await;
    ends.into_iter().filter(|is_closed| *is_closed).count()
}
