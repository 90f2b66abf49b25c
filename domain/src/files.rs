//! Files that people send as evidence: kept by the SHA-256 of their bytes, so that the same file is
//! stored once, and none can be changed under its name.

use std::path::PathBuf;

use object_store::{
    ObjectStore, ObjectStoreExt, PutMode, local::LocalFileSystem, path::Path as Key,
};
use sha2::{Digest, Sha256};

use crate::error::Result;

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    folder: PathBuf,
    /// How large a file may be, in bytes.
    pub largest: usize,
}

/// What is known of stored bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// In hexadecimal digits.
    pub sha256: String,
    /// By their content, whatever the sender called them.
    pub media_type: &'static str,
    pub size: i64,
}

/// The types of files that are taken, with the ending of their names.
pub const TYPES: [(&str, &str); 15] = [
    ("application/pdf", "pdf"),
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/webp", "webp"),
    ("video/mp4", "mp4"),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/zip", "zip"),
    ("audio/mpeg", "mp3"),
    ("text/csv", "csv"),
    ("text/plain", "txt"),
];

/// The media type of a file by its content; `None` where it is of no type that is taken. Texts have no
/// signature: they are what their sender says, if they are texts at all.
#[must_use]
pub fn type_of(bytes: &[u8], said: &str) -> Option<&'static str> {
    let said = said.split(';').next().unwrap_or_default().trim();
    let listed = |name: &str| {
        let mut types = TYPES.iter();
        types
            .find(|(media_type, _)| *media_type == name)
            .map(|(media_type, _)| *media_type)
    };
    if let Some(kind) = infer::get(bytes) {
        return listed(kind.mime_type());
    }
    let is_text = ["text/plain", "text/csv"].contains(&said)
        && std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    is_text.then(|| listed(said)).flatten()
}

/// The ending of the name of a file of this type.
#[must_use]
pub fn ending(media_type: &str) -> &'static str {
    let mut types = TYPES.iter();
    types
        .find(|(listed, _)| *listed == media_type)
        .map_or("bin", |(_, ending)| ending)
}

impl Files {
    /// Files in a folder, which is made when the first one comes.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>, largest: usize) -> Self {
        Self {
            folder: folder.into(),
            largest,
        }
    }

    /// The same in another folder.
    #[must_use]
    pub fn moved_to(self, folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            ..self
        }
    }

    /// The folder as a store of objects: another kind of store would take its place here.
    fn store(&self) -> Result<impl ObjectStore> {
        std::fs::create_dir_all(&self.folder)?;
        Ok(LocalFileSystem::new_with_prefix(&self.folder)?)
    }

    /// Stores bytes of a type that is taken.
    ///
    /// # Errors
    /// When the folder fails.
    pub async fn put(&self, bytes: bytes::Bytes, media_type: &'static str) -> Result<Stored> {
        let hash = Sha256::digest(&bytes);
        let sha256 = crate::secret::hex(&hash);
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let put = self
            .store()?
            .put_opts(&key(&sha256), bytes.into(), PutMode::Create.into())
            .await;
        match put {
            // The same bytes are there already.
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(Stored {
                sha256,
                media_type,
                size,
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// Stored bytes; `None` where there are none of this name.
    ///
    /// # Errors
    /// When the folder fails.
    pub async fn get(&self, sha256: &str) -> Result<Option<bytes::Bytes>> {
        match self.store()?.get(&key(sha256)).await {
            Ok(file) => Ok(Some(file.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes stored bytes; that there are none is no error.
    ///
    /// # Errors
    /// When the folder fails.
    pub async fn remove(&self, sha256: &str) -> Result<()> {
        match self.store()?.delete(&key(sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Two letters make a folder, so that none grows too large.
fn key(sha256: &str) -> Key {
    let (folder, _) = sha256.split_at(sha256.len().min(2));
    Key::from(format!("{folder}/{sha256}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_bytes_are_stored_once_and_found_by_their_hash() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_folder(folder.path(), 100);
        let bytes = bytes::Bytes::from_static(b"%PDF-1.7 a report");
        let kind = type_of(&bytes, "text/html").unwrap();
        assert_eq!(kind, "application/pdf");
        let stored = files.put(bytes.clone(), kind).await.unwrap();
        assert_eq!(files.put(bytes.clone(), kind).await.unwrap(), stored);
        assert_eq!(files.get(&stored.sha256).await.unwrap(), Some(bytes));
        files.remove(&stored.sha256).await.unwrap();
        files.remove(&stored.sha256).await.unwrap();
        assert_eq!(files.get(&stored.sha256).await.unwrap(), None);
    }

    #[test]
    fn a_type_goes_by_the_content() {
        let page = b"<!DOCTYPE html><script>alert(1)</script>";
        assert_eq!(type_of(page, "application/pdf"), None);
        assert_eq!(type_of(page, "text/html"), None);
        assert_eq!(
            type_of(
                b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                "image/svg+xml"
            ),
            None
        );
        assert_eq!(
            type_of(b"\x89PNG\r\n\x1a\n", "text/plain"),
            Some("image/png")
        );
        assert_eq!(
            type_of(b"city,days\nTorino,5\n", "text/csv; charset=utf-8"),
            Some("text/csv")
        );
        assert_eq!(type_of(b"a\0b", "text/plain"), None);
        assert_eq!(type_of(b"MZ\x90\0", "application/pdf"), None);
    }
}
