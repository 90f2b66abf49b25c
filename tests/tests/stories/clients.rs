//! Clients that others wrote follow a project through the real binary, over sockets and as an event
//! stream: `tests/clients` holds them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use tests::{TestDatabase, project::connection};

use crate::process::{Running, binary, free_port};

const SOON: Duration = Duration::from_secs(60);

/// The API over a database with CONNECTION in it.
struct Served {
    database: TestDatabase,
    api: Running,
    port: u16,
}

impl Served {
    async fn start() -> Self {
        let database = TestDatabase::sqlite().await;
        import(&database, "CONNECTION");
        let port = free_port();
        let mut command = binary("api");
        command
            .env("DATABASE_URL", &database.url)
            .env("LINK_KEY", "0123456789abcdef0123456789abcdef")
            .env("LISTEN", format!("127.0.0.1:{port}"));
        let mut api = Running::start(command);
        api.line_with(&format!("http://127.0.0.1:{port}"), SOON);
        Self {
            database,
            api,
            port,
        }
    }

    /// A client asks, is refused, follows, and hears of a change that another process makes.
    fn follow_with(self, client: Option<Command>, scheme: &str) {
        let Some(mut client) = client else { return };
        client.arg(format!("{scheme}://127.0.0.1:{}/graphql", self.port));
        let mut client = Running::start(client);
        for line in [
            "query CONNECTION",
            "invalid GRAPHQL_VALIDATION_FAILED",
            "first CONNECTION",
        ] {
            client.line_with(line, SOON);
        }
        import(&self.database, "RENAMED");
        client.line_with("second RENAMED", SOON);
        client.line_with("done", SOON);
        assert!(client.child.wait().unwrap().success());
        assert!(self.api.stop().success());
    }
}

/// Imports CONNECTION with an acronym, by a process of its own.
fn import(database: &TestDatabase, acronym: &str) {
    let mut file = connection();
    file.project.acronym = acronym.into();
    let path = database.folder.path().join("project.json");
    fs::write(&path, file.to_json()).unwrap();
    let mut command = binary("connection");
    command.env("DATABASE_URL", &database.url);
    let Output { status, stderr, .. } = command.arg("import").arg(path).output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
}

/// Where the clients' sources lie.
fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients")
}

/// Runs a command that makes a client ready; says why where it cannot.
fn is_done(what: &str, mut command: Command) -> bool {
    let why = match command.output() {
        Ok(output) if output.status.success() => return true,
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    println!("skipped: {what}: {why}");
    false
}

/// A script with the npm packages that it imports; none where Node or the packages are missing.
fn node(script: &str) -> Option<Command> {
    let mut version = Command::new("node");
    version.arg("--version");
    if !is_done("there is no Node", version) {
        return None;
    }
    // Of the script's own: tests run side by side, and in other processes than the last time.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("node-{script}"));
    fs::create_dir_all(&folder).unwrap();
    for name in ["package.json", "package-lock.json", "said.mjs", script] {
        fs::copy(sources().join(name), folder.join(name)).unwrap();
    }
    let mut install = Command::new("npm");
    install
        .args(["ci", "--no-audit", "--no-fund", "--prefer-offline"])
        .current_dir(&folder);
    let is_installed = is_done("npm cannot install the clients", install);
    let mut client = Command::new("node");
    client.arg(folder.join(script));
    is_installed.then_some(client)
}

/// The script with the Python packages that it imports; none where these or Python are missing.
fn python(script: &str) -> Option<Command> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-clients");
    let interpreter = folder.join("bin/python");
    if !interpreter.exists() {
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(&folder);
        if !is_done("Python makes no environment", make) {
            return None;
        }
    }
    let mut install = Command::new(&interpreter);
    install
        .args([
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "-q",
            "-r",
        ])
        .arg(sources().join("requirements.txt"));
    if !is_done("pip cannot install the client", install) {
        return None;
    }
    let mut client = Command::new(interpreter);
    client.arg(sources().join(script));
    Some(client)
}

#[tokio::test]
async fn the_npm_package_graphql_ws_follows_a_project() {
    Served::start().await.follow_with(node("ws.mjs"), "ws");
}

#[tokio::test]
async fn the_npm_package_graphql_sse_follows_a_project() {
    Served::start().await.follow_with(node("sse.mjs"), "http");
}

#[tokio::test]
async fn the_python_package_gql_follows_a_project() {
    Served::start()
        .await
        .follow_with(python("gql_client.py"), "ws");
}
