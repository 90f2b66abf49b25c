//! Sign-in links, as commands print them, and the key that signs them.

use std::{io::Write, path::Path};

use anyhow::{Context, Result};
use domain::{account::link, actor::Actor, link::LinkKey, store::Store};
use entities::PersonId;

/// A sign-in link for a person, as an absolute URL.
pub async fn sign_in_url(
    store: &Store,
    key: &LinkKey,
    base: &str,
    person: PersonId,
) -> Result<String> {
    let link = link::create(store, key, &Actor::COMMAND, person).await?;
    Ok(format!("{}{}", base.trim_end_matches('/'), link.path))
}

/// The key that signs links, in a data folder; generated if there is none.
pub fn key_in(data: &Path) -> Result<LinkKey> {
    let path = data.join("link.key");
    let path = path.as_path();
    let shown = path.display();
    if !path.exists() {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .and_then(|mut file| file.write_all(LinkKey::generate().as_bytes()))
            .with_context(|| format!("{shown} cannot be written"))?;
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    LinkKey::new(text.trim().as_bytes())
        .with_context(|| format!("{shown} is too short: remove it, and a new one is generated"))
}
