//! Secrets: where they come from, and what is stored of them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How many random bytes a secret has.
const BYTES: usize = 32;

/// Random bytes that nobody can guess.
#[expect(clippy::disallowed_methods, reason = "a secret is random, and no id")]
pub(crate) fn bytes() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let (first, second) = bytes.split_at_mut(BYTES / 2);
    first.copy_from_slice(Uuid::new_v4().as_bytes());
    second.copy_from_slice(Uuid::new_v4().as_bytes());
    bytes
}

/// Random bytes for an id that nobody can guess.
#[expect(
    clippy::disallowed_methods,
    reason = "it is random, and the id of no row"
)]
pub(crate) fn uuid() -> Uuid {
    Uuid::new_v4()
}

/// A new secret, as 43 letters, digits, `-` and `_`.
#[must_use]
pub fn fresh() -> String {
    URL_SAFE_NO_PAD.encode(bytes())
}

/// What is stored of a secret: its SHA-256, in hexadecimal. Secrets are too long to be guessed, so
/// this needs no salt and no delay.
#[must_use]
pub fn hash(secret: &str) -> String {
    hex(&digest(secret))
}

/// Whether two secrets are the same, in a time that does not show where they differ.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    let bytes = digest(one).into_iter().zip(digest(other));
    bytes.fold(0, |differs, (one, other)| differs | (one ^ other)) == 0
}

/// The SHA-256 of a secret.
#[must_use]
pub(crate) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(DIGITS[usize::from(half)].into());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_new_every_time_and_fits_into_a_cookie_and_a_path() {
        let (one, other) = (fresh(), fresh());
        assert_ne!(one, other);
        assert!(is_same(&one, &one.clone()) && !is_same(&one, &other));
        assert_eq!(one.len(), 43);
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        assert!(one.bytes().all(fits), "{one}");
        assert_eq!(
            hash("secret"),
            "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
        );
    }
}
