-- Mail can be about a new token: a category.
alter table notification rename to notification_before;
create table notification (
    id uuid primary key,
    project_id uuid references project (id) on delete cascade,
    person_id uuid not null references person (id) on delete cascade,
    category text not null,
    subject_id uuid not null,
    occurrence text not null,
    rule_id uuid references reminder_rule (id) on delete set null,
    report_id uuid references report (id) on delete set null,
    due_at timestamptz not null,
    useful_until timestamptz not null,
    state text not null,
    reason text,
    detail text,
    attempts integer not null,
    next_attempt_at timestamptz not null,
    hinted bigint,
    lease_until bigint,
    fence bigint not null,
    message_id text,
    sent_at timestamptz,
    created_at timestamptz not null,
    unique (person_id, category, subject_id, occurrence),
    check (category in ('EXCHANGE_REMINDER', 'VISIT_REMINDER', 'MEETING_REMINDER', 'DUE_REMINDER', 'DIGEST', 'PROGRESS_REPORT', 'SIGN_IN', 'NEW_TOKEN')),
    check (state in ('DUE', 'SENDING', 'SENT', 'SKIPPED', 'FAILED', 'UNKNOWN')),
    check (reason is null or reason in ('NO_ADDRESS', 'SUPPRESSED', 'PAUSED', 'UNSUBSCRIBED', 'TOO_LATE', 'SUPERSEDED', 'NOTHING_TO_SAY', 'CANCELLED', 'MOVED', 'RULE_CHANGED', 'ERASED', 'USED'))
);
insert into notification (id, project_id, person_id, category, subject_id, occurrence, rule_id, report_id, due_at, useful_until, state, reason, detail, attempts, next_attempt_at, hinted, lease_until, fence, message_id, sent_at, created_at)
select id, project_id, person_id, category, subject_id, occurrence, rule_id, report_id, due_at, useful_until, state, reason, detail, attempts, next_attempt_at, hinted, lease_until, fence, message_id, sent_at, created_at
from notification_before;
drop table notification_before;
create index notification_rule_id on notification (rule_id);
create index notification_report_id on notification (report_id);
create index notification_state_next_attempt_at on notification (state, next_attempt_at);
create index notification_project_id_due_at on notification (project_id, due_at);
create index notification_subject_id on notification (subject_id);
create index notification_category on notification (project_id, category, due_at);
create index notification_reason on notification (project_id, reason);
create index notification_due_at on notification (due_at);
