//! Signing in, tokens, and why every change was made.

use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261122_000003_people"
    }
}

/// What only PostgreSQL and only SQLite understand: that nothing may change the audit.
const POSTGRES: &str = include_str!("append_only_postgres.sql");
const SQLITE: &str = include_str!("append_only_sqlite.sql");

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for sql in [
            include_str!("people.sql"),
            include_str!("ledger.sql"),
            include_str!("audit.sql"),
        ] {
            db.execute_unprepared(sql).await?;
        }
        let is_sqlite = manager.get_database_backend() == sea_orm::DbBackend::Sqlite;
        db.execute_unprepared(if is_sqlite { SQLITE } else { POSTGRES })
            .await?;
        Ok(())
    }
}
