//! When things are asked for: lead times of a project, by when a target's goal is planned, mail
//! about what is due, and from when on a participant's status or a lesson is there.

use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261127_000005_due"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for statement in [
            "alter table project add column lead_times jsonb not null default '[]'",
            "alter table target add column plan_by_percent integer not null default 50",
            "alter table participation add column since text check (since is null or length(since) in (4, 7, 10))",
            "alter table learning add column since text check (since is null or length(since) in (4, 7, 10))",
        ] {
            db.execute_unprepared(statement).await?;
        }
        db.execute_unprepared(include_str!("rules.sql")).await?;
        Ok(())
    }
}
