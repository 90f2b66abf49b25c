//! Signed links in mails: they act without sign-in, for the one person and purpose they name.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entities::{Category, PersonId};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::ActiveEnum;
use sha2::Sha256;

/// The key that signs links; never shown.
#[derive(Clone)]
pub struct LinkKey(Vec<u8>);

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

/// The fewest bytes of a link key.
pub const MIN_KEY_BYTES: usize = 32;

impl LinkKey {
    /// A key of at least [`MIN_KEY_BYTES`] bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        (bytes.len() >= MIN_KEY_BYTES).then(|| Self(bytes.to_vec()))
    }

    /// A new key, in hexadecimal, for an installation of its own.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a secret is random, and no id")]
    pub fn generate() -> String {
        format!(
            "{}{}",
            uuid::Uuid::new_v4().simple(),
            uuid::Uuid::new_v4().simple()
        )
    }

    /// A token that lets its holder decline a category of mail for a person.
    #[must_use]
    pub fn unsubscribe_token(&self, person: PersonId, category: Category) -> String {
        let payload = format!("u.{}.{}", person, category.to_value());
        let signature = URL_SAFE_NO_PAD.encode(self.mac(&payload).finalize().into_bytes());
        URL_SAFE_NO_PAD.encode(format!("{payload}.{signature}"))
    }

    /// Whom and what a token is about; none where it was not signed with this key.
    #[must_use]
    pub fn read_unsubscribe(&self, token: &str) -> Option<(PersonId, Category)> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let (payload, signature) = text.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac(payload).verify_slice(&signature).ok()?;
        let (person, category) = payload.strip_prefix("u.")?.split_once('.')?;
        let person: uuid::Uuid = person.parse().ok()?;
        Some((
            person.into(),
            Category::try_from_value(&category.to_owned()).ok()?,
        ))
    }

    fn mac(&self, payload: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(payload.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_one_person_and_category_and_nobody_else_can_make_it() {
        let key = LinkKey::new(&[7; 32]).unwrap();
        let person = PersonId(uuid::Uuid::from_u128(1));
        let token = key.unsubscribe_token(person, Category::Digest);
        assert_eq!(
            key.read_unsubscribe(&token),
            Some((person, Category::Digest))
        );
        assert_eq!(
            LinkKey::new(&[8; 32]).unwrap().read_unsubscribe(&token),
            None
        );
        assert_eq!(key.read_unsubscribe("nonsense"), None);
    }
}
