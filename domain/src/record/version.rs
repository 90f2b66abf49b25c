//! Versions: a short hash of what a record says, by which an editor tells whether it has changed.

use std::fmt::Debug;

use sha2::{Digest, Sha256};

/// How many bytes of the hash make a version.
const BYTES: usize = 8;

/// The version of something: the same for as long as it says the same.
pub fn version_of<T: Debug + ?Sized>(value: &T) -> String {
    let hash = Sha256::digest(format!("{value:?}"));
    crate::secret::hex(&hash[..BYTES])
}
