//! The project's 36 months, twice.

use std::{fs, path::Path};

use crate::process::binary;

fn replay(data: &Path) -> String {
    let output = binary("connection")
        .arg("replay")
        .arg("--data")
        .arg(data)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

#[test]
fn two_replays_write_the_same_ledger_and_the_same_mails() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (
        replay(&folder.path().join("a")),
        replay(&folder.path().join("b")),
    );
    let line = |said: &str, text: &str| {
        said.lines()
            .find(|line| line.contains(text))
            .unwrap_or_else(|| panic!("no {text}: {said}"))
            .to_owned()
    };
    assert_eq!(line(&first, "duplicates"), "0 duplicates");
    assert_eq!(line(&first, "sha256"), line(&second, "sha256"));
    assert_eq!(line(&first, "mails to"), line(&second, "mails to"));
    for month in ["2020-02", "2021-09", "2023-01"] {
        assert!(
            first.lines().any(|line| line.starts_with(month)),
            "{month}: {first}"
        );
    }
    assert!(line(&first, "NoAddress").trim().ends_with("NoAddress"));
}

#[test]
fn a_replay_empties_only_what_a_replay_made() {
    let folder = tempfile::tempdir().unwrap();
    let precious = folder.path().join("precious.txt");
    fs::write(&precious, "kept").unwrap();
    let output = binary("connection")
        .arg("replay")
        .arg("--data")
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("holds files that no replay made"), "{said}");
    assert_eq!(fs::read_to_string(precious).unwrap(), "kept");
}
