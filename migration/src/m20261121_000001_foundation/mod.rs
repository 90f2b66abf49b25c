//! All tables of the first release, by area.

use sea_orm_migration::prelude::*;

const AREAS: [&str; 5] = [
    include_str!("people.sql"),
    include_str!("project.sql"),
    include_str!("output.sql"),
    include_str!("kinds.sql"),
    include_str!("ledger.sql"),
];

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261121_000001_foundation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for area in AREAS {
            manager.get_connection().execute_unprepared(area).await?;
        }
        Ok(())
    }
}
