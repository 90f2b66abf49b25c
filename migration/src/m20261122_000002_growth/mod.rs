//! What keeps the cost of many projects flat: finding what was changed a moment ago, and pages in
//! the order of the keys.

use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261122_000002_growth"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // When the revision was raised last, in seconds since 1970 by the database's own clock.
        db.execute_unprepared(
            "alter table project add column revised_at bigint not null default 0",
        )
        .await?;
        db.execute_unprepared("create index project_revised_at on project (revised_at)")
            .await?;
        // SQLite compares texts byte by byte as it is; PostgreSQL by its language unless told so.
        if manager.get_database_backend() != sea_orm::DbBackend::Sqlite {
            db.execute_unprepared("create index project_key_c on project (key collate \"C\")")
                .await?;
        }
        Ok(())
    }
}
