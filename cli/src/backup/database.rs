//! The database of a backup: a copy of SQLite by its own means, a dump of PostgreSQL by its tools.

use std::{
    io::ErrorKind,
    path::Path,
    process::{Command, Output},
};

use anyhow::{Context, Result, bail};
use domain::database;
use percent_encoding::percent_decode_str;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use url::Url;

use super::archive::Kind;

/// What a connection is called in a URL, and in the environment of PostgreSQL's tools.
const PARAMETERS: [(&str, &str); 5] = [
    ("host", "PGHOST"),
    ("port", "PGPORT"),
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("application_name", "PGAPPNAME"),
];

/// The kind of database that a URL names.
pub fn kind_of(url: &str) -> Kind {
    match url.starts_with("sqlite:") {
        true => Kind::Sqlite,
        false => Kind::Postgres,
    }
}

/// Copies a database into a file: one state of it, whoever writes meanwhile.
pub async fn dump(url: &str, db: &DatabaseConnection, to: &Path) -> Result<()> {
    match kind_of(url) {
        Kind::Sqlite => {
            let path = to.display().to_string();
            let copy =
                Statement::from_sql_and_values(DbBackend::Sqlite, "vacuum into ?", [path.into()]);
            db.execute_raw(copy)
                .await
                .context("the database cannot be copied")?;
            check(to).await
        }
        Kind::Postgres => {
            let mut command = tool("pg_dump", url)?;
            command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]);
            command.arg(to);
            run(command, "pg_dump")
        }
    }
}

/// Puts a dump of PostgreSQL into an empty database: all of it, or nothing.
pub fn restore_dump(url: &str, dump: &Path) -> Result<()> {
    let mut command = tool("pg_restore", url)?;
    command.args(["--no-owner", "--no-privileges", "--exit-on-error"]);
    command.args(["--single-transaction", "--dbname"]);
    command.arg(database_name(&parsed(url)?));
    command.arg(dump);
    run(command, "pg_restore")
}

/// Whether a copy of SQLite is whole, as SQLite sees it.
pub async fn check(path: &Path) -> Result<()> {
    let db = database::connect(&format!("sqlite://{}", path.display())).await?;
    let sql = "pragma integrity_check";
    let answer = db
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await;
    let answer =
        answer.and_then(|row| row.map(|row| row.try_get_by_index::<String>(0)).transpose());
    // Its log goes with it: the file alone is the database.
    database::empty_log(&db).await?;
    db.close().await?;
    match answer?.as_deref() {
        Some("ok") => Ok(()),
        told => bail!(
            "the copy of the database is broken: {}",
            told.unwrap_or_default()
        ),
    }
}

/// A tool of PostgreSQL, which is told of the database in its environment: others see arguments.
fn tool(name: &str, url: &str) -> Result<Command> {
    let url = parsed(url)?;
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut command = Command::new(name);
    command.env("PGDATABASE", database_name(&url));
    if let Some(host) = url.host_str().filter(|host| !host.is_empty()) {
        command.env("PGHOST", host.trim_matches(['[', ']']));
    }
    if let Some(port) = url.port() {
        command.env("PGPORT", port.to_string());
    }
    if !url.username().is_empty() {
        command.env("PGUSER", decoded(url.username()));
    }
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", decoded(password));
    }
    for (key, value) in url.query_pairs() {
        if let Some((_, name)) = PARAMETERS.iter().find(|(one, _)| *one == key) {
            command.env(name, &*value);
        }
    }
    Ok(command)
}

fn parsed(url: &str) -> Result<Url> {
    // What is wrong with it may hold its password.
    Url::parse(url).map_err(|why| anyhow::anyhow!("DATABASE_URL is no URL: {why}"))
}

fn database_name(url: &Url) -> String {
    let name = url.path().trim_start_matches('/');
    percent_decode_str(name).decode_utf8_lossy().into_owned()
}

fn run(mut command: Command, name: &str) -> Result<()> {
    let Output { status, stderr, .. } = match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => bail!(
            "{name} is not on PATH: install PostgreSQL's client programs, of the server's version \
             or a newer one (Debian: postgresql-client)"
        ),
        output => output.with_context(|| format!("{name} cannot be started"))?,
    };
    match status.success() {
        true => Ok(()),
        false => bail!("{name} failed: {}", String::from_utf8_lossy(&stderr).trim()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_tool_is_told_of_the_database_and_nobody_else_of_its_password() {
        let url = "postgres://us%40er:se%3Acret@db.example:5433/connec%20tion?sslmode=require&x=1";
        let command = tool("pg_dump", url).unwrap();
        assert_eq!(command.get_args().count(), 0);
        let set: BTreeMap<_, _> = command
            .get_envs()
            .map(|(name, value)| (name.to_str().unwrap(), value.unwrap().to_str().unwrap()))
            .collect();
        let expected = [
            ("PGDATABASE", "connec tion"),
            ("PGHOST", "db.example"),
            ("PGPASSWORD", "se:cret"),
            ("PGPORT", "5433"),
            ("PGSSLMODE", "require"),
            ("PGUSER", "us@er"),
        ];
        assert_eq!(set, BTreeMap::from(expected));
    }

    #[test]
    fn a_tool_that_is_missing_is_named() {
        let error = run(Command::new("pg_dump_that_is_not_there"), "pg_dump").unwrap_err();
        assert!(
            error.to_string().starts_with("pg_dump is not on PATH"),
            "{error}"
        );
    }
}
