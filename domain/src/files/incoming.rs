//! A file that is arriving: written to the disk and hashed piece by piece, so that it takes no more
//! memory than a piece.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use tempfile::TempPath;
use tokio::{fs::File, io::AsyncWriteExt};

use super::{
    Files, Stored, create_private,
    media_type::{HEAD_BYTES, TextSoFar, type_of},
};
use crate::error::Error;

/// Why a file is not stored. Nothing of it stays.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// It has more bytes than a file may have.
    #[error("the file is too large")]
    TooLarge,
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// It is of no type that is taken.
    #[error("the file is of no type that is taken")]
    UnknownType,
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<io::Error> for ReceiveError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// A file that is arriving. Dropped before it is finished, it leaves nothing.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    path: TempPath,
    files: Files,
    hash: Sha256,
    head: Vec<u8>,
    text: TextSoFar,
    size: usize,
}

impl Incoming {
    pub(super) async fn begin(files: &Files) -> io::Result<Self> {
        let folder = files.incoming();
        let (file, path) = blocking(move || {
            create_private(&folder)?;
            // Nobody but its owner may read it.
            let file = tempfile::Builder::new().prefix("").tempfile_in(folder)?;
            Ok(file.into_parts())
        })
        .await?;
        Ok(Self {
            file: File::from_std(file),
            path,
            files: files.clone(),
            hash: Sha256::new(),
            head: Vec::new(),
            text: TextSoFar::default(),
            size: 0,
        })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// `TooLarge`, or that the folder failed.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), ReceiveError> {
        self.size = self.size.saturating_add(piece.len());
        if self.size > self.files.largest {
            return Err(ReceiveError::TooLarge);
        }
        let missing = HEAD_BYTES.saturating_sub(self.head.len());
        self.head
            .extend_from_slice(&piece[..piece.len().min(missing)]);
        self.text.push(piece);
        self.hash.update(piece);
        self.file.write_all(piece).await?;
        Ok(())
    }

    /// Puts the file in its place once the disk has it. `said` is the type that its sender says.
    ///
    /// # Errors
    /// `Empty`, `UnknownType`, or that the folder failed.
    pub async fn finish(mut self, said: &str) -> Result<Stored, ReceiveError> {
        if self.size == 0 {
            return Err(ReceiveError::Empty);
        }
        let media_type = type_of(&self.head, self.text.is_text(), said);
        let media_type = media_type.ok_or(ReceiveError::UnknownType)?;
        self.file.flush().await?;
        self.file.sync_all().await?;
        drop(self.file);
        let sha256 = crate::secret::hex(&self.hash.finalize());
        let place = self.files.path(&sha256).ok_or(ReceiveError::UnknownType)?;
        let temporary = self.path;
        blocking(move || settle(temporary, &place)).await?;
        Ok(Stored {
            sha256,
            media_type,
            size: i64::try_from(self.size).unwrap_or(i64::MAX),
        })
    }
}

/// Renames a file to its place, also over the same bytes, and waits until the disk has the name.
fn settle(temporary: TempPath, place: &Path) -> io::Result<()> {
    let folder = place.parent().map(PathBuf::from).unwrap_or_default();
    let is_new = create_private(&folder)?;
    temporary.persist(place).map_err(|error| error.error)?;
    sync_folder(&folder)?;
    match folder.parent() {
        Some(parent) if is_new => sync_folder(parent),
        _ => Ok(()),
    }
}

/// Waits until the disk has the names in a folder.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Runs what waits for the disk on a thread of its own.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}
