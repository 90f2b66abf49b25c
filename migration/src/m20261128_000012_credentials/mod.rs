//! When a renewed cookie was first used, whether a token sees people, and mail about new tokens.

use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261128_000012_credentials"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for statement in [
            "alter table session add column renewal_used_at timestamptz",
            "update session set renewal_used_at = rotated_at where previous_hash is not null",
            "alter table api_token add column sees_people boolean not null default true",
        ] {
            db.execute_unprepared(statement).await?;
        }
        db.execute_unprepared(include_str!("mail.sql")).await?;
        Ok(())
    }
}
