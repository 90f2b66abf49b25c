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
