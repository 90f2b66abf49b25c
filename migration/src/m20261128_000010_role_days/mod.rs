//! Roles by the day: from when and until when somebody has a role.

use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261128_000010_role_days"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for column in ["from_on", "until_on"] {
            db.execute_unprepared(&format!("alter table role add column {column} date"))
                .await?;
        }
        Ok(())
    }
}
