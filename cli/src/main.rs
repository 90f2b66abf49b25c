//! `connection`: the embedded default and the operator's tools.

mod backup;
mod clock;
mod doctor;
mod evidence;
mod export;
mod generate;
mod home;
mod import;
mod key_file;
mod link;
mod output;
mod problem;
mod projects;
mod replay;
mod report;
mod table;
mod token;
mod up;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use domain::{log, settings::Wrong};

/// A memory allocator for many small, short-lived values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit code for an invalid setting, by convention.
const BAD_SETTING: u8 = 2;

/// The backend on which transnational learning projects run.
#[derive(Debug, Parser)]
#[command(name = "connection", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run everything on this machine: API, worker and an outbox, with the CONNECTION project.
    Up(up::Up),
    /// Run the CONNECTION project's 36 months through plan, ledger, templates and outbox.
    Replay(replay::Replay),
    /// Read a project file: a new project, or an update of the one with its key.
    Import(import::Import),
    /// Write a project as a file.
    Export(export::Export),
    /// Make synthetic projects to measure with, or remove them.
    Generate(generate::Generate),
    /// Make a progress report and write one of its files.
    Report(report::Report),
    /// Add people who can sign in, correct and list them, and print links to sign in with.
    #[command(subcommand)]
    User(user::User),
    /// Make, list and revoke API tokens.
    #[command(subcommand)]
    Token(token::Token),
    /// Write database, files and key into one archive, while the product runs.
    Backup(backup::Backup),
    /// Check that an archive of `backup` is whole.
    Verify(backup::Verify),
    /// Put an archive of `backup` into an empty place, and bring it up to date.
    Restore(backup::Restore),
    /// Bring the database up to date.
    Migrate(home::Home),
    /// Check every setting of a production installation and what its projects hold, and say what to do.
    Doctor(doctor::Doctor),
}

#[tokio::main]
async fn main() -> ExitCode {
    domain::private::keep_files_private();
    let command = Cli::parse()
        .command
        .unwrap_or_else(|| Command::Up(up::Up::default()));
    let level = match command {
        Command::Up(_) => log::Level::INFO,
        _ => log::Level::WARN,
    };
    let _traces = match log::start("up", level) {
        Ok(traces) => traces,
        Err(wrong) => {
            eprintln!("connection: {wrong}");
            return ExitCode::from(BAD_SETTING);
        }
    };
    let result = match command {
        Command::Up(up) => up.run().await,
        Command::Replay(replay) => replay.run().await,
        Command::Import(import) => import.run().await,
        Command::Export(export) => export.run().await,
        Command::Generate(generate) => generate.run().await,
        Command::Report(report) => report.run().await,
        Command::User(user) => user.run().await,
        Command::Token(token) => token.run().await,
        Command::Backup(backup) => backup.run().await,
        Command::Verify(verify) => verify.run().await,
        Command::Restore(restore) => restore.run().await,
        Command::Migrate(home) => home.open().await.map(|_| ()),
        Command::Doctor(doctor) => doctor.run().await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("connection: {error:#}");
            if error.is::<Wrong>() {
                return ExitCode::from(BAD_SETTING);
            }
            ExitCode::FAILURE
        }
    }
}
