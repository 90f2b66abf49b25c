//! What a city says for itself: who said a challenge, an advice or a lesson, and what is proposed.

use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261127_000006_cities"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared(
            "alter table learning add column by_id uuid references partner (id) on delete set null",
        )
        .await?;
        db.execute_unprepared("create index learning_by_id on learning (by_id)")
            .await?;
        db.execute_unprepared(include_str!("proposal.sql")).await?;
        Ok(())
    }
}
