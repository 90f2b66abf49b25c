//! Sign-in links, as commands print them, and the key that signs them.

use std::path::Path;

use anyhow::{Context, Result};
use domain::{account::link, actor::Actor, link::LinkKey, store::Store};
use entities::PersonId;

use crate::key_file::read_or_generate;

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
    let text = read_or_generate(&path, LinkKey::generate)?;
    LinkKey::new(text.as_bytes()).with_context(|| {
        let shown = path.display();
        format!("{shown} is too short: remove it, and a new one is generated")
    })
}
