//! Whose the files are that the product writes.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use crate::embedded::up;

#[test]
fn files_and_folders_are_for_the_user_of_the_process_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let up = up(&data, &[]);
    let mut found: Vec<PathBuf> = Vec::new();
    let mut folders = vec![data.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
        found.push(folder);
    }
    assert!(found.contains(&data.join("connection.db")), "{found:?}");
    for path in found {
        // A file that SQLite has removed meanwhile is nobody's.
        let Ok(metadata) = fs::metadata(&path) else {
            continue;
        };
        let mode = metadata.permissions().mode() & 0o777;
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}: {mode:o}", path.display());
    }
    assert!(up.running.stop().success());
}
