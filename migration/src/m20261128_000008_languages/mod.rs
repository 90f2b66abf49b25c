//! Texts of records in other languages.

use sea_orm_migration::prelude::*;

/// The tables whose rows have texts that people read.
const TABLES: [&str; 29] = [
    "budget_line",
    "source",
    "partner",
    "open_call",
    "evidence",
    "participation",
    "agenda_item",
    "learning",
    "champion",
    "training",
    "output",
    "staff_exchange",
    "action_plan",
    "measure",
    "stakeholder",
    "endorsement",
    "policy",
    "publication",
    "practice",
    "community",
    "member",
    "organisation",
    "target",
    "note",
    "forum",
    "forum_member",
    "forum_topic",
    "forum_meeting",
    "pairing",
];

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261128_000008_languages"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for table in TABLES {
            let column = "translations jsonb not null default '{}'";
            db.execute_unprepared(&format!("alter table {table} add column {column}"))
                .await?;
        }
        Ok(())
    }
}
