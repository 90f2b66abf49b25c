//! Signed links in mails: they act without sign-in, for the one person and purpose they name; and
//! what a link that signs in says.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entities::{Category, PersonId, SignInLinkId};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::ActiveEnum;
use sha2::Sha256;

use crate::secret;

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
    pub fn generate() -> String {
        secret::hex(&secret::bytes())
    }

    /// A token that lets its holder decline a category of mail for a person.
    #[must_use]
    pub fn unsubscribe_token(&self, person: PersonId, category: Category) -> String {
        let payload = format!("u.{}.{}", person, category.to_value());
        let signature = URL_SAFE_NO_PAD.encode(self.mac(&payload).finalize().into_bytes());
        URL_SAFE_NO_PAD.encode(format!("{payload}.{signature}"))
    }

    /// Whom and what a token is about; `None` where it was not signed with this key.
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

    /// What a link that signs in says: derived from the key, so that the worker can write
    /// a link of which only a hash is stored.
    #[must_use]
    pub fn sign_in_secret(&self, link: SignInLinkId) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(&format!("s.{link}")).finalize().into_bytes())
    }

    /// Whether a link of this id says so; without a look at what is stored.
    #[must_use]
    pub fn is_sign_in_secret(&self, link: SignInLinkId, secret: &str) -> bool {
        let signature = URL_SAFE_NO_PAD.decode(secret).unwrap_or_default();
        let mac = self.mac(&format!("s.{link}"));
        mac.verify_slice(&signature).is_ok()
    }

    /// Where a link that signs in leads, from the installation's address on.
    #[must_use]
    pub fn sign_in_path(&self, link: SignInLinkId) -> String {
        format!("/sign-in/{link}.{}", self.sign_in_secret(link))
    }

    /// Tells one address from others, to nobody who has not got the key. Case is ignored.
    #[must_use]
    pub fn address_hash(&self, address: &str) -> String {
        let payload = format!("a.{}", address.trim().to_lowercase());
        secret::hex(&self.mac(&payload).finalize().into_bytes())
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
