//! What a process writes is its own user's: files 0600, folders 0700.

/// From now on, files and folders that this process makes are for its own user alone: databases,
/// mails in an outbox, evidence, exports. Files that are there stay as they are.
pub fn keep_files_private() {
    #[cfg(unix)]
    {
        use rustix::fs::Mode;

        rustix::process::umask(Mode::RWXG | Mode::RWXO);
    }
}
