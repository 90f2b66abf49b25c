//! Secrets in files of a data folder, which only the owner of the process reads.

use std::{fs, io::Write, path::Path};

use anyhow::{Context, Result};

/// What a file holds; it is written with what `generate` gives if there is none.
pub fn read_or_generate(path: &Path, generate: impl FnOnce() -> String) -> Result<String> {
    let shown = path.display();
    if !path.exists() {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .and_then(|mut file| file.write_all(generate().as_bytes()))
            .with_context(|| format!("{shown} cannot be written"))?;
    }
    let text = fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    Ok(text.trim().to_owned())
}
