//! What several projects show is changed by agreement: proposals of such changes, and what a project
//! said of whom it added before they, or who knows them, agreed.

use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261128_000009_shared"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared(include_str!("proposal.sql")).await?;
        db.execute_unprepared(include_str!("introduction.sql"))
            .await?;
        Ok(())
    }
}
