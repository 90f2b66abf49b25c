//! The texts of all languages: none is missing, none is left over.

#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use i18n::Language;

/// Every file below a folder of the crate.
fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// The texts of a language, each with the values that it takes.
fn texts(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, content) in files(&format!("locales/{language}")) {
        let mut current = String::new();
        for line in content.lines().filter(|line| !line.starts_with('#')) {
            let starts_text = line.starts_with(|c: char| c.is_ascii_lowercase());
            if let Some((key, _)) = line.split_once(" =").filter(|_| starts_text) {
                key.clone_into(&mut current);
                let known = texts.insert(current.clone(), BTreeSet::new());
                assert_eq!(
                    known,
                    None,
                    "{key} stands twice, again in {}",
                    path.display()
                );
            }
            let names = line.split('$').skip(1).map(|rest| {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                rest[..end.unwrap_or(rest.len())].to_owned()
            });
            if !current.is_empty() {
                texts.get_mut(&current).unwrap().extend(names);
            }
        }
    }
    texts
}

/// The texts that templates and code ask for.
fn used() -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let sources = ["../api/src", "../cli/src", "../domain/src", "../worker/src"];
    let own = files("src").into_iter();
    // The texts of this crate's own functions; its documentation names texts, too.
    let own = own.filter(|(path, _)| !path.ends_with("lib.rs"));
    for (path, content) in sources.into_iter().flat_map(files).chain(own) {
        let mark = match path.extension().and_then(|suffix| suffix.to_str()) {
            Some("rs") => "Key(\"",
            Some("html" | "txt") => "t(\"",
            _ => continue,
        };
        for rest in content.split(mark).skip(1) {
            used.insert(rest.split('"').next().unwrap().to_owned());
        }
    }
    used
}

#[test]
fn every_language_has_every_text_with_the_same_values() {
    let english = texts("en");
    for language in Language::all().iter().map(|language| language.tag) {
        let own = texts(language);
        let missing: Vec<_> = english
            .keys()
            .filter(|key| !own.contains_key(*key))
            .collect();
        let extra: Vec<_> = own
            .keys()
            .filter(|key| !english.contains_key(*key))
            .collect();
        assert!(missing.is_empty(), "{language} lacks {missing:?}");
        assert!(extra.is_empty(), "only {language} has {extra:?}");
        for (key, values) in &own {
            assert_eq!(values, &english[key], "values of {key} in {language}");
        }
    }
}

#[test]
fn every_text_that_is_asked_for_is_there_and_none_is_left_over() {
    // A test of the API compares the problems' texts with their codes.
    let is_named_in_code = |key: &String| !key.starts_with("problem-");
    let there: BTreeSet<_> = texts("en").into_keys().filter(is_named_in_code).collect();
    let used = used();
    let missing: Vec<_> = used.difference(&there).collect();
    let unused: Vec<_> = there.difference(&used).collect();
    assert!(missing.is_empty(), "there is no {missing:?}");
    assert!(unused.is_empty(), "nothing says {unused:?}");
}
