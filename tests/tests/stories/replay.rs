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
    let table = |said: &str| -> Vec<String> {
        let same = said
            .lines()
            .skip(1)
            .filter(|line| !line.starts_with("took"));
        same.map(str::to_owned).collect()
    };
    assert_eq!(table(&first), table(&second));
    let number = |text: &str| -> usize {
        line(&first, text)
            .split_whitespace()
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    assert!(
        number("mails to") > 1000 && number("skipped") > 1000,
        "{first}"
    );
    assert!(
        number("NoAddress") > 100 && number("NothingToSay") > 1000,
        "{first}"
    );
    for month in ["2020-02", "2021-09", "2023-01"] {
        assert!(
            first.lines().any(|line| line.starts_with(month)),
            "{month}: {first}"
        );
    }
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
    assert!(
        said.contains("has files that are not from a replay"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(precious).unwrap(), "kept");
}
