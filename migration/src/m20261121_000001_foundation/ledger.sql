-- A progress report: figures frozen with the ids of the counted records.
create table report (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    kind text not null,
    state text not null,
    period_from date not null,
    period_to date not null,
    revision bigint,
    figures jsonb not null,
    requested_by_id uuid references person (id) on delete set null,
    requested_at timestamptz not null,
    made_at timestamptz,
    check (kind in ('MONTHLY', 'ON_DEMAND')),
    check (state in ('REQUESTED', 'READY', 'FAILED'))
);
create index report_project_id on report (project_id);
create index report_requested_by_id on report (requested_by_id);

-- One stored file of a report.
create table report_file (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    report_id uuid not null references report (id) on delete cascade,
    format text not null,
    locale text not null,
    body bytea not null,
    sha256 text not null,
    unique (report_id, format, locale),
    check (format in ('HTML', 'CSV', 'JSON'))
);
create index report_file_project_id on report_file (project_id);

-- The ledger: what was claimed, sent, skipped or failed.
create table notification (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
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
    check (category in ('EXCHANGE_REMINDER', 'VISIT_REMINDER', 'MEETING_REMINDER', 'DIGEST', 'PROGRESS_REPORT')),
    check (state in ('DUE', 'SENDING', 'SENT', 'SKIPPED', 'FAILED', 'UNKNOWN')),
    check (reason is null or reason in ('NO_ADDRESS', 'SUPPRESSED', 'PAUSED', 'UNSUBSCRIBED', 'TOO_LATE', 'SUPERSEDED', 'NOTHING_TO_SAY', 'CANCELLED', 'MOVED', 'RULE_CHANGED'))
);
create index notification_rule_id on notification (rule_id);
create index notification_report_id on notification (report_id);
create index notification_state_next_attempt_at on notification (state, next_attempt_at);
create index notification_project_id_due_at on notification (project_id, due_at);
create unique index report_monthly on report (project_id, period_from) where kind = 'MONTHLY';
create index report_state on report (state, requested_at);
create index notification_subject_id on notification (subject_id);
create index notification_category on notification (project_id, category, due_at);
create index notification_reason on notification (project_id, reason);
create index notification_due_at on notification (due_at);
