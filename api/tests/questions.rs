//! The questions of `docs/questions`: each document stands by itself, keeps to the default limits, and has
//! for CONNECTION the answer that its snapshot holds.

use std::{fs, path::PathBuf};

use crate::support::Api;
use api::Operation;
use domain::viewer::Viewer;

/// The questions, by the names of their files.
fn questions() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/questions");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|one| one == "graphql"));
    let mut questions: Vec<_> = files
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    questions.sort();
    questions
}

#[tokio::test]
async fn every_question_is_answered_to_anyone_within_the_default_limits() {
    let api = Api::afterwards().await;
    for (name, document) in questions() {
        // A document that is not valid, or costs too much, is refused with an error.
        let answer = api.ask(Viewer::Anonymous, Operation::new(&document)).await;
        assert_eq!(answer.errors, [], "{name}");
        let answer = answer.data.into_json().unwrap();
        let answer = serde_json::to_string_pretty(&answer).unwrap();
        insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "questions" }, {
            insta::assert_snapshot!(name, answer);
        });
    }
}

#[test]
fn every_question_is_listed_and_offered() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(root.join("../docs/questions/README.md")).unwrap();
    let offered = api::questions();
    let mut names = Vec::new();
    for (name, document) in questions() {
        let title = document.lines().next().unwrap().strip_prefix("# ").unwrap();
        assert!(title.ends_with('?'), "{name}: {title}");
        let row = format!("| [{name}]({name}.graphql) | {title} |");
        assert!(list.contains(&row), "no row {row}");
        assert!(
            offered.contains(&(name.as_str(), document.as_str())),
            "{name}"
        );
        names.push(name);
    }
    assert_eq!(names.len(), offered.len());
}
