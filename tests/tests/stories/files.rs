//! Project files by the command line.

use std::{fs, path::Path, process::Output};

use crate::process::binary;

const DATA_SET: &str = include_str!("../../../domain/data/connection.json");

fn run(data: &Path, arguments: &[&str]) -> (bool, String, String) {
    let output: Output = binary("connection")
        .args(arguments)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.success(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn a_project_is_imported_changed_and_exported() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (
        folder.path().join("data"),
        folder.path().join("connection.json"),
    );
    let path = file.to_str().unwrap();
    fs::write(&file, DATA_SET).unwrap();
    let (ok, said, _) = run(&data, &["import", path, "--dry-run"]);
    assert!(ok && said.contains("connection would be new"), "{said}");
    let (ok, said, _) = run(&data, &["import", path]);
    assert!(ok && said.contains("connection is new"), "{said}");
    let (ok, said, _) = run(&data, &["export", "connection"]);
    assert!(ok && said == DATA_SET, "the export differs from the file");

    fs::write(
        &file,
        DATA_SET.replace("\"acronym\": \"CONNECTION\"", "\"acronym\": \"CONNECTED\""),
    )
    .unwrap();
    let (ok, said, _) = run(&data, &["import", path, "--dry-run"]);
    assert!(
        ok && said.contains("changed (acronym) project connection"),
        "{said}"
    );
    assert!(said.contains("nothing was written"), "{said}");
    let (_, said, _) = run(&data, &["export", "connection"]);
    assert!(said == DATA_SET, "a dry run has written");
    let (ok, said, _) = run(&data, &["import", path]);
    assert!(ok && said.contains("1 rows changed"), "{said}");
}

#[test]
fn a_bad_file_is_refused_with_every_problem_by_path() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("bad.json"));
    let bad = DATA_SET
        .replace(
            "\"timeZone\": \"Europe/Zagreb\"",
            "\"timeZone\": \"Europe/Agram\"",
        )
        .replace("\"via\": \"anatoliki\"", "\"via\": \"nobody\"");
    fs::write(&file, bad).unwrap();
    let (ok, _, said) = run(&data, &["import", file.to_str().unwrap()]);
    assert!(!ok);
    assert!(
        said.contains("/timeZone: Europe/Agram is no time zone.") && said.contains("[NOT_A_ZONE]"),
        "{said}"
    );
    assert!(
        said.contains("/via: There is no such record. [NOT_FOUND: nobody]"),
        "{said}"
    );
    assert!(said.contains("refused whole"), "{said}");
    let (ok, _, said) = run(&data, &["export", "connection"]);
    assert!(
        !ok && said.contains("there is no project \"connection\""),
        "{said}"
    );

    fs::write(&file, "{ \"format\": 3, \"extra\": true").unwrap();
    let (ok, _, said) = run(&data, &["import", file.to_str().unwrap()]);
    assert!(!ok && said.contains("NOT_JSON"), "{said}");
    fs::write(&file, "{ \"format\": 3, \"extra\": true }").unwrap();
    let (ok, _, said) = run(&data, &["import", file.to_str().unwrap()]);
    assert!(
        !ok && said.contains("extra") && said.contains("/format"),
        "{said}"
    );
}

#[test]
fn a_report_is_written_in_each_format() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (
        folder.path().join("data"),
        folder.path().join("connection.json"),
    );
    fs::write(&file, DATA_SET).unwrap();
    run(&data, &["import", file.to_str().unwrap()]);
    let period = ["--from", "2022-12-01", "--to", "2022-12-31"];
    let report = |format: &str| {
        let arguments = [&["report", "connection", "--format", format][..], &period].concat();
        let (ok, text, said) = run(&data, &arguments);
        assert!(ok && said.contains("stored as /reports/"), "{said}");
        text
    };
    let page = report("html");
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("CONNECTION"),
        "{page}"
    );
    let table = report("csv");
    assert!(
        table.lines().count() > 25 && table.contains("staff_exchanges"),
        "{table}"
    );
    let figures: serde_json::Value = serde_json::from_str(&report("json")).unwrap();
    assert!(figures.to_string().contains("thematic_cluster_visits"));
    let (ok, _, said) = run(
        &data,
        &[
            "report",
            "connection",
            "--from",
            "2022-12-31",
            "--to",
            "2022-01-01",
        ],
    );
    assert!(
        !ok && said.contains("--to 2022-01-01 is before --from"),
        "{said}"
    );
}
