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
    // PostgreSQL names the check of one column so.
    let name = format!("{table}_{column}_check");
    db.execute_unprepared(&format!("alter table {table} drop constraint {name}"))
        .await?;
    db.execute_unprepared(&format!("alter table {table} add constraint {name} {is}"))
        .await?;
    Ok(())
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
