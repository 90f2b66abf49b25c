//! Which project an upload is for, by which quotas go.

use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261128_000007_uploads"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for statement in [
            "alter table upload add column project_id uuid references project (id) on delete set null",
            "create index upload_project_id on upload (project_id)",
        ] {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
