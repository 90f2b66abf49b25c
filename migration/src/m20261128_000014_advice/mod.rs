//! Peers solve problems together: what stands behind a challenge, who asked and advised, what a city
//! takes up and where, what came of it, and the mail that asks for that.

use sea_orm_migration::prelude::*;

use crate::check::allow;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261128_000014_advice"
    }
}

/// The categories of mail that a reminder rule may have, and that people may decline.
const CATEGORIES: [&str; 6] = [
    "EXCHANGE_REMINDER",
    "VISIT_REMINDER",
    "MEETING_REMINDER",
    "DUE_REMINDER",
    "DIGEST",
    "PROGRESS_REPORT",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for statement in [
            "alter table learning add column key text",
            "alter table learning add column background text",
            "alter table learning add column who text",
            "alter table learning add column challenge text",
            "alter table learning add column outcome text",
            "alter table learning add column outcome_since text check (outcome_since is null or length(outcome_since) in (4, 7, 10))",
            "alter table learning add column uptake text check (uptake is null or uptake in ('TAKEN_UP', 'NOT_TAKEN_UP'))",
            "alter table learning add column plan_id uuid references output (id) on delete set null",
            "alter table learning add column measure text",
            "alter table learning add column policy_id uuid references output (id) on delete set null",
            "alter table learning add column uptake_reason text",
            "alter table learning add column uptake_since text check (uptake_since is null or length(uptake_since) in (4, 7, 10))",
            "create index learning_plan_id on learning (plan_id)",
            "create index learning_policy_id on learning (policy_id)",
        ] {
            db.execute_unprepared(statement).await?;
        }
        let kinds = ["CHALLENGE", "ADVICE", "LESSON"];
        allow(db, "learning", "kind", &kinds, "QUESTION").await?;
        let all = [&CATEGORIES[..], &["SIGN_IN", "NEW_TOKEN"]].concat();
        allow(db, "notification", "category", &all, "QUESTION").await?;
        for table in ["unsubscription", "reminder_rule"] {
            allow(db, table, "category", &CATEGORIES, "QUESTION").await?;
        }
        let anchors = [
            "EXCHANGE_START",
            "VISIT_START",
            "EVENT_START",
            "DUE_DAY",
            "WINDOW_START",
            "WEEK",
            "MONTH",
        ];
        allow(db, "reminder_rule", "anchor", &anchors, "VISIT_END").await
    }
}
