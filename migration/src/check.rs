//! Checks of columns, changed where they stand.
//!
//! A table that others refer to cannot be made anew on SQLite: dropping it deletes, by their foreign
//! keys, the rows that refer to it. So a check is changed in place, as SQLite's documentation of
//! `alter table` says for what changes no stored row.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// Lets a column that is one of `known`, spelled as its check lists them, also be `more`. Rows stay,
/// and so does what refers to them.
///
/// # Errors
/// When the table has no such check, or the database fails.
pub async fn allow(
    db: &impl ConnectionTrait,
    table: &str,
    column: &str,
    known: &[&str],
    more: &str,
) -> Result<(), DbErr> {
    let list = |values: &[&str]| {
        let quoted: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
        format!("check ({column} in ({}))", quoted.join(", "))
    };
    let was = list(known);
    let is = list(&[known, &[more]].concat());
    if db.get_database_backend() == DbBackend::Sqlite {
        return replace(db, table, &was, &is).await;
    }
    let old = constraint(db, table, column, known).await?;
    db.execute_unprepared(&format!("alter table {table} drop constraint {old}"))
        .await?;
    let name = format!("{table}_{column}_check");
    db.execute_unprepared(&format!("alter table {table} add constraint {name} {is}"))
        .await?;
    Ok(())
}

/// What PostgreSQL calls the check of one column: it counts on where a table that was renamed since has
/// the name already.
async fn constraint(
    db: &impl ConnectionTrait,
    table: &str,
    column: &str,
    known: &[&str],
) -> Result<String, DbErr> {
    let first = known.first().copied().unwrap_or_default();
    let name = format!(
        "select conname::text from pg_constraint
         where conrelid = '{table}'::regclass and contype = 'c'
         and conkey = array[(select attnum from pg_attribute
             where attrelid = '{table}'::regclass and attname = '{column}')]
         and pg_get_constraintdef(oid) like '%''{first}''%'"
    );
    let name = Statement::from_string(DbBackend::Postgres, name);
    let name = db.query_one_raw(name).await?;
    let name = name.ok_or_else(|| DbErr::Migration(format!("{table} has no check of {column}")))?;
    name.try_get_by_index(0)
}

/// Changes the text of a table's definition on SQLite.
async fn replace(db: &impl ConnectionTrait, table: &str, was: &str, is: &str) -> Result<(), DbErr> {
    let version = "pragma schema_version".to_owned();
    let version = Statement::from_string(DbBackend::Sqlite, version);
    let version = db.query_one_raw(version).await?;
    let version = version.ok_or_else(|| DbErr::Migration("no schema version".to_owned()))?;
    let version: i32 = version.try_get_by_index(0)?;
    db.execute_unprepared("pragma writable_schema = on").await?;
    let changed = Statement::from_sql_and_values(
        DbBackend::Sqlite,
        "update sqlite_schema set sql = replace(sql, $1, $2)
         where type = 'table' and name = $3 and instr(sql, $1) > 0",
        [was.into(), is.into(), table.into()],
    );
    let changed = db.execute_raw(changed).await?;
    db.execute_unprepared("pragma writable_schema = reset")
        .await?;
    if changed.rows_affected() != 1 {
        let message = format!("{table} has no {was}");
        return Err(DbErr::Migration(message));
    }
    // Every connection reads the definition again.
    db.execute_unprepared(&format!("pragma schema_version = {}", version + 1))
        .await?;
    Ok(())
}
