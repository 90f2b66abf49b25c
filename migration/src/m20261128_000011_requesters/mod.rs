//! Who requested a link to sign in, by which requests are counted.

use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261128_000011_requesters"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let column = "requester_hash text";
        db.execute_unprepared(&format!("alter table sign_in_link add column {column}"))
            .await?;
        Ok(())
    }
}
