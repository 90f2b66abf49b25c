//! The files of evidence beside a project file: a folder in which each is named by its hash.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail};
use domain::{
    command::{GivenFiles, named_files},
    file::ProjectFile,
    files::{Files, ReceiveError, ending},
    record::is_sha256,
};
use tokio::{fs::File, io::AsyncReadExt};

/// How many bytes are read at once.
const CHUNK: usize = 64 * 1024;

/// Stores the files that a project file names and that are in a folder. One that is not there is the
/// import's to judge: the project may have it.
pub async fn take_in(files: &Files, folder: &Path, project: &ProjectFile) -> Result<GivenFiles> {
    let mut given = GivenFiles::default();
    for (sha256, media_type) in named_files(project).filter(|(sha256, _)| is_sha256(sha256)) {
        let media_type = media_type.unwrap_or_default();
        let Some(path) = names(folder, sha256, media_type).find(|path| path.is_file()) else {
            continue;
        };
        let shown = path.display();
        let mut file = File::open(&path)
            .await
            .with_context(|| format!("{shown} cannot be read"))?;
        let refused = |error: ReceiveError| anyhow!("{shown} is not taken: {error}");
        let mut incoming = files.receive().await?;
        let mut piece = vec![0; CHUNK];
        loop {
            let length = file.read(&mut piece).await?;
            if length == 0 {
                break;
            }
            incoming.write(&piece[..length]).await.map_err(refused)?;
        }
        let stored = incoming.finish(media_type).await.map_err(refused)?;
        if stored.sha256 != sha256 {
            bail!(
                "{shown} is another file than its name says: its SHA-256 is {}",
                stored.sha256
            );
        }
        given.add(stored);
    }
    Ok(given)
}

/// Writes the files that a project file names into a folder; gives the names of those that are not
/// kept here.
pub async fn write_out(files: &Files, folder: &Path, project: &ProjectFile) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    create_private(folder)?;
    for (sha256, media_type) in named_files(project) {
        let found = files.open(sha256).await?;
        let Some((mut from, _)) = found else {
            missing.push(sha256.to_owned());
            continue;
        };
        let path = folder.join(format!(
            "{sha256}.{}",
            ending(media_type.unwrap_or_default())
        ));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let copied = async {
            let mut to = File::from_std(options.open(&path)?);
            tokio::io::copy(&mut from, &mut to).await?;
            to.sync_all().await
        };
        let copied = copied.await;
        copied.with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(missing)
}

/// What a file may be called in the folder.
fn names(folder: &Path, sha256: &str, media_type: &str) -> impl Iterator<Item = PathBuf> {
    let plain = folder.join(sha256);
    [plain.with_extension(ending(media_type)), plain].into_iter()
}

/// Creates a folder that its owner alone may read, if there is none.
fn create_private(folder: &Path) -> Result<()> {
    if fs::exists(folder)? {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let created = builder.create(folder);
    created.with_context(|| format!("{} cannot be created", folder.display()))
}
