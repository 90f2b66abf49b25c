//! Running binaries, and the servers that stories need.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

/// A binary of the workspace, or of the folder `CONNECTION_BINARIES`, in an environment that says
/// nothing of settings.
pub fn binary(name: &str) -> Command {
    let folder = match std::env::var_os("CONNECTION_BINARIES") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let test = std::env::current_exe().unwrap();
            test.parent().unwrap().parent().unwrap().to_owned()
        }
    };
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is not built: cargo build --workspace --bins",
        path.display()
    );
    let mut command = Command::new(path);
    for setting in domain::settings::SETTINGS {
        command.env_remove(setting.name);
    }
    command
}

/// A process of the product, ended with the story.
pub struct Running {
    pub child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Running {
    /// Starts it; its output is read from both streams.
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, lines) = channel();
        let outputs: [Box<dyn std::io::Read + Send>; 2] = [
            Box::new(child.stdout.take().unwrap()),
            Box::new(child.stderr.take().unwrap()),
        ];
        for output in outputs {
            let send = send.clone();
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if send.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        Self {
            child,
            lines,
            seen: Vec::new(),
        }
    }

    /// The first line that holds a text; the story fails where none comes in time.
    pub fn line_with(&mut self, text: &str, within: Duration) -> String {
        let until = Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    self.seen.push(line.clone());
                    if line.contains(text) {
                        return line;
                    }
                }
                Err(_) => panic!(
                    "no line with {text:?} in time; it said:\n{}",
                    self.seen.join("\n")
                ),
            }
        }
    }

    /// All that it said until now.
    pub fn log(&mut self) -> String {
        self.seen.extend(self.lines.try_iter());
        self.seen.join("\n")
    }

    /// Asks it to stop, as an operator does, and waits.
    pub fn stop(mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("it did not stop within 30 seconds");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody uses now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Asks until there is an answer; the story fails where none comes in time.
pub fn wait_for<T>(what: &str, within: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + within;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(
            Instant::now() < until,
            "{what} did not come within {within:?}"
        );
        thread::sleep(Duration::from_millis(100));
    }
}

pub use tests::service;

/// A Redis of the story's own, which it may wipe.
pub struct OwnRedis {
    child: Child,
    pub url: String,
}

impl OwnRedis {
    pub fn start() -> Self {
        let port = free_port();
        let child = Command::new("redis-server")
            .args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
            ])
            .args(["--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let url = format!("redis://127.0.0.1:{port}");
        let redis = Self { child, url };
        wait_for("Redis", Duration::from_secs(10), || redis.command("PING"));
        redis
    }

    /// Runs a command without arguments; none where Redis does not answer.
    pub fn command(&self, name: &str) -> Option<String> {
        let client = redis::Client::open(self.url.as_str()).unwrap();
        let mut connection = client.get_connection().ok()?;
        redis::cmd(name).query(&mut connection).ok()
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
