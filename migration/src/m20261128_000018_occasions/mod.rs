//! Occurrences that say what a mail is about, without the rule that asked for it: `14/2021-09-20/0`
//! instead of `exchange-reminder/14/2021-09-20/0`.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261128_000018_occasions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let slash = match db.get_database_backend() {
            DbBackend::Sqlite => "instr(occurrence, '/')",
            _ => "strpos(occurrence, '/')",
        };
        // Where two rules asked for one mail, the row that went, or is the nearest to it, stands for
        // both. The others stay as they are: the plan asks for them no more.
        let statement = format!(
            "update notification set occurrence = substr(occurrence, {slash} + 1)
             where id in (
                 select id from (
                     select id, row_number() over (
                         partition by person_id, category, subject_id,
                             substr(occurrence, {slash} + 1)
                         order by case state
                             when 'SENT' then 0 when 'SENDING' then 1 when 'UNKNOWN' then 2
                             when 'DUE' then 3 when 'FAILED' then 4 else 5 end, due_at, id
                     ) as place
                     from notification
                     where category not in ('SIGN_IN', 'NEW_TOKEN')
                 ) as ranked
                 where place = 1
             )"
        );
        db.execute_unprepared(&statement).await?;
        Ok(())
    }
}
