//! Signed links in mails: they act without sign-in, for the one person and purpose they name; and
//! what a link that signs in says.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
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

/// A browser in which a person was signed in, by a token that says so ([`LinkKey::known_browser`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownBrowser {
    pub person: PersonId,
    /// Tells the browser from the person's others.
    pub browser: uuid::Uuid,
}

/// The bytes of a token of a known browser: two ids, an instant and a signature.
const KNOWN_BROWSER_BYTES: usize = 16 + 16 + 8 + 32;

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

    /// A token that says until when a browser is known as one in which a person was signed in.
    #[must_use]
    pub fn known_browser(&self, person: PersonId, until: DateTime<Utc>) -> String {
        let browser = secret::uuid();
        let payload = format!("k.{person}.{browser}.{}", until.timestamp());
        let signature = self.mac(&payload).finalize().into_bytes();
        let mut bytes = Vec::with_capacity(KNOWN_BROWSER_BYTES);
        bytes.extend_from_slice(person.0.as_bytes());
        bytes.extend_from_slice(browser.as_bytes());
        bytes.extend_from_slice(&until.timestamp().to_be_bytes());
        bytes.extend_from_slice(&signature);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The browser of a token; `None` where it was not signed with this key, or is over.
    #[must_use]
    pub fn read_known_browser(&self, token: &str, now: DateTime<Utc>) -> Option<KnownBrowser> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (person, rest) = bytes.split_first_chunk::<16>()?;
        let (browser, rest) = rest.split_first_chunk::<16>()?;
        let (until, signature) = rest.split_first_chunk::<8>()?;
        let person = PersonId(uuid::Uuid::from_bytes(*person));
        let browser = uuid::Uuid::from_bytes(*browser);
        let until = i64::from_be_bytes(*until);
        let payload = format!("k.{person}.{browser}.{until}");
        self.mac(&payload).verify_slice(signature).ok()?;
        (now.timestamp() < until).then_some(KnownBrowser { person, browser })
    }

    /// Tells one requester of links from others, to nobody who has not got the key.
    #[must_use]
    pub fn requester_hash(&self, requester: &str) -> String {
        let payload = format!("r.{requester}");
        secret::hex(&self.mac(&payload).finalize().into_bytes())
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

    #[test]
    fn a_known_browser_is_of_one_person_for_a_time_and_nobody_else_can_say_so() {
        let key = LinkKey::new(&[7; 32]).unwrap();
        let person = PersonId(uuid::Uuid::from_u128(1));
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let token = key.known_browser(person, at("2021-09-07T12:00:00Z"));
        let now = at("2021-09-06T12:00:00Z");
        assert_eq!(key.read_known_browser(&token, now).unwrap().person, person);
        let over = at("2021-09-07T12:00:00Z");
        assert_eq!(key.read_known_browser(&token, over), None);
        let other = LinkKey::new(&[8; 32]).unwrap();
        assert_eq!(other.read_known_browser(&token, now), None);
        for place in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(key.read_known_browser(&forged, now), None, "{place}");
        }
        for text in ["", "nonsense", "AAAA"] {
            assert_eq!(key.read_known_browser(text, now), None);
        }
        assert_ne!(token, key.known_browser(person, over));
    }
}
