//! Where a command writes what it makes: a file, or standard output. It is opened before anything is
//! made, so that a command that cannot write changes nothing.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// An open file that is empty only once it is written, or standard output.
#[derive(Debug)]
pub struct Output(Option<OpenFile>);

#[derive(Debug)]
struct OpenFile {
    path: PathBuf,
    /// It goes again if nothing is written.
    is_new: bool,
}

impl Output {
    /// Opens a file for writing, which keeps what it holds for now.
    ///
    /// # Errors
    /// If it cannot be written: its folder is missing, say.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        let is_new = !path.exists();
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(path);
        file.with_context(|| format!("{} cannot be written", path.display()))?;
        let path = path.to_owned();
        Ok(Self(Some(OpenFile { path, is_new })))
    }

    /// Writes all of it.
    pub fn write(mut self, bytes: &[u8]) -> Result<()> {
        let Some(file) = &mut self.0 else {
            let mut output = io::stdout().lock();
            let written = output.write_all(bytes).and_then(|()| output.flush());
            return written.context("standard output cannot be written");
        };
        let written = File::create(&file.path).and_then(|mut open| open.write_all(bytes));
        written.with_context(|| format!("{} cannot be written", file.path.display()))?;
        file.is_new = false;
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some(file) = &self.0
            && file.is_new
        {
            // What cannot be removed stays empty.
            let _ = fs::remove_file(&file.path);
        }
    }
}
