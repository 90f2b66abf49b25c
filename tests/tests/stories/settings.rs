//! Wrong and missing settings stop the start with one clear line.

use std::process::{Command, Output};

use crate::process::binary;

fn failed(mut command: Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert_eq!(status.code(), Some(2), "it should not have started");
    let text = String::from_utf8(stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "more than one line: {text}");
    text
}

fn worker() -> Command {
    let mut command = binary("worker");
    command
        .env("DATABASE_URL", "sqlite:///tmp/connection-never-made.db")
        .env("SMTP_URL", "smtp://127.0.0.1:25")
        .env("MAIL_FROM", "CONNECTION <connection@eurocities.example>")
        .env("BASE_URL", "https://connection.example")
        .env("LINK_KEY", "0123456789abcdef0123456789abcdef");
    command
}

#[test]
fn a_missing_setting_is_named_with_an_example() {
    for (name, program) in [
        ("DATABASE_URL", "worker"),
        ("SMTP_URL", "worker"),
        ("MAIL_FROM", "worker"),
        ("BASE_URL", "worker"),
        ("LINK_KEY", "worker"),
        ("DATABASE_URL", "api"),
    ] {
        let mut command = if program == "worker" {
            worker()
        } else {
            binary("api")
        };
        command.env_remove(name);
        let line = failed(command);
        assert!(line.contains(&format!("{name} is not set")), "{line}");
        assert!(line.contains("For example"), "{line}");
    }
}

#[test]
fn postgresql_without_redis_is_no_silent_fallback() {
    for program in ["api", "worker"] {
        let mut command = if program == "worker" {
            worker()
        } else {
            binary("api")
        };
        command.env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
        let line = failed(command);
        assert!(line.contains("REDIS_URL is not set"), "{line}");
    }
}

#[test]
fn a_wrong_setting_is_named_with_what_would_be_right() {
    for (name, value) in [
        ("DATABASE_URL", "mysql://somewhere"),
        ("SMTP_URL", "http://mail.example"),
        ("MAIL_FROM", "not an address"),
        ("BASE_URL", "connection.example"),
        ("LINK_KEY", "short"),
        ("HINT_SECONDS", "soon"),
        ("LOG_FORMAT", "xml"),
    ] {
        let mut command = worker();
        command.env(name, value);
        let line = failed(command);
        assert!(line.contains(&format!("{name} is wrong")), "{line}");
        assert!(line.contains("For example"), "{line}");
    }
}

#[test]
fn a_url_that_cannot_be_read_is_not_shown_with_its_password() {
    for (name, url) in [
        (
            "DATABASE_URL",
            "postgres://desk:se/cret@db.example/connection",
        ),
        (
            "DATABASE_URL",
            "postgres://desk:secret@db.example:54x2/connection",
        ),
        ("REDIS_URL", "redis://desk:se/cret@redis.example"),
        ("REDIS_URL", "rediss://desk:secret@redis.example:63x9"),
        ("REDIS_URL", "https://desk:secret@redis.example"),
        ("SMTP_URL", "smtp://desk:se/cret@mail.example"),
        ("SMTP_URL", "smtp://desk:secret@mail.example"),
    ] {
        for mut command in [worker(), binary("api")] {
            if name == "SMTP_URL" && command.get_program().to_string_lossy().ends_with("api") {
                continue;
            }
            command
                .env("DATABASE_URL", "sqlite:///tmp/connection-never-made.db")
                .env("LINK_KEY", "0123456789abcdef0123456789abcdef")
                .env(name, url);
            let line = failed(command);
            assert!(line.contains(&format!("{name} is wrong")), "{line}");
            let (said, _example) = line.split_once("For example").unwrap();
            assert!(!said.contains("cret"), "{line}");
        }
        let doctor = binary("connection").arg("doctor").env(name, url).output();
        let text = String::from_utf8(doctor.unwrap().stdout).unwrap();
        let line = text
            .lines()
            .find(|line| line.contains(&format!(" {name} ")));
        let (said, _example) = line.unwrap().split_once("For example").unwrap();
        assert!(said.starts_with("FAIL") && !said.contains("cret"), "{said}");
    }
}

#[test]
fn the_doctor_tells_every_setting_and_what_to_do() {
    let output = binary("connection")
        .arg("doctor")
        .env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
        .env("LINK_KEY", "0123456789abcdef0123456789abcdef")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |name: &str| {
        text.lines()
            .find(|line| line.contains(&format!(" {name} ")))
            .unwrap()
    };
    assert!(line("DATABASE_URL").starts_with("FAIL"), "{text}");
    assert!(line("DATABASE_URL").contains("is the server up"), "{text}");
    assert!(line("REDIS_URL").contains("REDIS_URL is not set"), "{text}");
    assert!(line("SMTP_URL").starts_with("FAIL"), "{text}");
    assert!(line("LINK_KEY").starts_with("ok"), "{text}");
}

/// A setting of the API each, with a value that it cannot have, and with what is said of it.
const WRONG: [(&str, &str, &str); 20] = [
    ("OPERATOR", "all", "it is neither nobody nor loopback"),
    (
        "INTROSPECTION",
        "nobody",
        "it is neither everyone nor operator",
    ),
    (
        "TRUSTED_PROXIES",
        "10.0.0.0/8, proxy",
        "\"proxy\" is neither an address nor a network",
    ),
    ("DRAIN_SECONDS", "601", "it is no number from 0 to 600"),
    ("REQUEST_SECONDS", "0", "it is no number from 1 to 600"),
    ("RESPONSE_CACHE_MB", "-1", "it is no number from 0 to 65536"),
    ("PROJECT_CACHE_MB", "0", "it is no number from 1 to 65536"),
    ("METRICS_LISTEN", "9464", "it is no address with a port"),
    (
        "ALLOWED_ORIGINS",
        "https://torino.example/",
        "https://torino.example/ is no origin",
    ),
    ("CONNECTIONS", "15", "it is no number from 16 to 1000000"),
    ("CONNECTIONS_EACH", "3", "it is no number from 4 to 1000000"),
    ("HEAD_SECONDS", "0", "it is no number from 1 to 600"),
    ("IDLE_SECONDS", "601", "it is no number from 1 to 600"),
    ("STALL_SECONDS", "soon", "it is no number from 1 to 600"),
    ("LIVE_CONNECTIONS", "many", "it is no number from 1 to 4000"),
    ("LIVE_STREAMS", "0", "it is no number from 1 to 1000"),
    (
        "LIVE_GREETING_SECONDS",
        "0",
        "it is no number from 1 to 600",
    ),
    ("LIVE_PING_SECONDS", "601", "it is no number from 1 to 600"),
    ("LIMIT_DEPTH", "4", "it is no number from 5 to 50"),
    ("LIMIT_RATE", "any", "it is no number from 0"),
];

#[test]
fn what_the_api_cannot_be_told_stops_it_in_either_way_to_run() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for (name, value, why) in WRONG {
        let mut api = binary("api");
        let mut up = binary("connection");
        api.env("DATABASE_URL", "sqlite:///tmp/connection-never-made.db")
            .env("LINK_KEY", "0123456789abcdef0123456789abcdef");
        up.args(["up", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data);
        for mut command in [api, up] {
            let line = failed({
                command.env(name, value);
                command
            });
            assert!(line.contains(&format!("{name} is wrong: {why}")), "{line}");
            assert!(line.contains(&format!("For example {name}=")), "{line}");
        }
    }
    assert!(!data.exists(), "it began before it read its settings");
}

#[test]
fn an_old_name_of_a_setting_holds_with_a_warning() {
    let start = |set: &[(&str, &str)]| {
        let output = binary("api")
            .env("DATABASE_URL", "sqlite:///tmp/connection-never-made.db")
            .env("LINK_KEY", "0123456789abcdef0123456789abcdef")
            // It stops here, after its log and the settings.
            .env("LISTEN", "nowhere")
            .envs(set.iter().copied())
            .output()
            .unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    for (new, old) in domain::settings::DEPRECATED {
        let text = start(&[(old, "-1")]);
        let warning = format!("{old} is called {new} now: the old name holds");
        assert!(text.contains(&warning), "{text}");
        assert!(text.contains(&format!("{new} is wrong")), "{text}");
        // With its new name set, too, the old one means nothing.
        let text = start(&[(old, "-1"), (new, "2000000")]);
        assert!(text.contains("the old one is ignored"), "{text}");
        assert!(!start(&[]).contains(old));
    }
}

#[test]
fn for_how_long_things_are_kept_is_read_in_either_way_to_run() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for (name, value) in [
        ("KEEP_SIGN_INS_DAYS", "-1"),
        ("KEEP_UPLOADS_DAYS", "0"),
        ("KEEP_LEDGER_DAYS", "89"),
    ] {
        let mut up = binary("connection");
        up.args(["up", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data);
        for mut command in [worker(), up] {
            command.env(name, value);
            let line = failed(command);
            assert!(line.contains(&format!("{name} is wrong")), "{line}");
        }
    }
    assert!(!data.exists(), "it began before it read its settings");
}

#[test]
fn the_doctor_tells_each_setting_of_the_api() {
    let told = |set: &[(&str, &str)]| {
        let output = binary("connection")
            .arg("doctor")
            .envs(set.iter().copied())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let line = |text: &str, name: &str| {
        let mut found = text
            .lines()
            .filter(|line| line.split_whitespace().nth(1) == Some(name));
        let line = found.next().unwrap_or_default().to_owned();
        assert_eq!(found.next(), None, "{name} twice");
        line
    };
    let wrong = told(&WRONG.map(|(name, value, _)| (name, value)));
    let unset = told(&[]);
    for (name, _, why) in WRONG {
        let line_of_wrong = line(&wrong, name);
        assert!(line_of_wrong.starts_with("FAIL"), "{name}: {wrong}");
        assert!(line_of_wrong.contains(why), "{line_of_wrong}");
        if !name.starts_with("LIMIT_") {
            assert!(line(&unset, name).starts_with("ok "), "{name}: {unset}");
        }
    }
    let right = [
        ("INTROSPECTION", "operator"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,192.0.2.7"),
        ("ALLOWED_ORIGINS", "https://torino.example"),
        ("METRICS_LISTEN", "127.0.0.1:9464"),
        ("LIVE_PING_SECONDS", "12"),
        ("LIMIT_DEPTH", "30"),
    ];
    let text = told(&right);
    for (name, value) in right {
        let line = line(&text, name);
        assert!(line.starts_with("ok ") && line.ends_with(value), "{line}");
    }
}

#[test]
fn the_readme_names_every_setting() {
    let readme = include_str!("../../../README.md");
    for setting in domain::settings::SETTINGS {
        let default = setting
            .default
            .map_or("must be set".to_owned(), |text| match text {
                text if text.contains(' ') => text.to_owned(),
                text => format!("`{text}`"),
            });
        let example = if setting.example.contains('`') {
            setting.example.to_owned()
        } else {
            format!("`{}`", setting.example)
        };
        let row = format!(
            "| `{}` | {} | {} | {default} | {example} |",
            setting.name, setting.used_by, setting.meaning
        );
        assert!(readme.contains(&row), "the README lacks\n{row}");
    }
}
