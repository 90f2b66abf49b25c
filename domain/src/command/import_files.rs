//! The files that a project file names by their hash: whose bytes must be in the project already, or
//! come with the import. Else a hash that somebody saw would open another project's file.

use std::collections::HashMap;

use entities::evidence;

use crate::{
    file::ProjectFile,
    files::Stored,
    record::{Code, Problem, is_sha256},
};

/// The files that were given with a project file and stored, by their hash.
#[derive(Clone, Debug, Default)]
pub struct GivenFiles(HashMap<String, Stored>);

impl GivenFiles {
    pub fn add(&mut self, file: Stored) {
        self.0.insert(file.sha256.clone(), file);
    }
}

/// The hashes of the files that a project file names, with the types that it says.
pub fn named_files(file: &ProjectFile) -> impl Iterator<Item = (&str, Option<&str>)> {
    let evidence = file.outputs.iter().flat_map(|output| &output.evidence);
    evidence.filter_map(|one| Some((one.sha256.as_deref()?, one.media_type.as_deref())))
}

/// What is wrong with the files that a project file names.
pub(super) fn check_files(
    file: &ProjectFile,
    project: &[evidence::Model],
    given: &GivenFiles,
) -> Vec<Problem> {
    let mut here: HashMap<&str, (Option<&str>, Option<i64>)> = HashMap::new();
    for row in project {
        if let Some(sha256) = &row.sha256 {
            here.insert(sha256, (row.media_type.as_deref(), row.size));
        }
    }
    for (sha256, stored) in &given.0 {
        here.insert(sha256, (Some(stored.media_type), Some(stored.size)));
    }
    let mut problems = Vec::new();
    for (at, output) in file.outputs.iter().enumerate() {
        for (place, one) in output.evidence.iter().enumerate() {
            let path = |field: &str| format!("outputs.{at}.evidence.{place}.{field}");
            // What is no hash has a problem of its own.
            let Some(sha256) = one.sha256.as_deref().filter(|text| is_sha256(text)) else {
                continue;
            };
            let Some((media_type, size)) = here.get(sha256) else {
                problems.push(Problem::new(path("sha256"), Code::FileMissing));
                continue;
            };
            let said = one.media_type.as_deref();
            if said.is_some() && said != *media_type {
                let right = media_type.unwrap_or_default();
                problems.push(Problem::new(path("mediaType"), Code::OutOfRange).with(right));
            }
            if one.size.is_some() && one.size != *size {
                let right = size.unwrap_or_default();
                problems.push(Problem::new(path("size"), Code::OutOfRange).with(right));
            }
        }
    }
    problems
}
