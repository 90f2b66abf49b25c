-- Why a record is as it is: one row per changed record and act. It holds ids, never a name or an
-- address, and refers to nothing, so that nothing that is removed takes it along.
create table audit_entry (
    id uuid primary key,
    project_id uuid,
    act_id uuid not null,
    verb text not null,
    person_id uuid,
    channel text not null,
    credential_id uuid,
    request_id text,
    kind text not null,
    record_id uuid not null,
    before jsonb,
    after jsonb,
    revision bigint,
    recorded_at timestamptz not null,
    check (channel in ('SESSION', 'TOKEN', 'OPERATOR', 'COMMAND', 'LINK', 'WORKER'))
);
create index audit_entry_project_id on audit_entry (project_id, id);
create index audit_entry_record_id on audit_entry (record_id, id);
create index audit_entry_person_id on audit_entry (person_id, id);

-- Acts that were asked for under a key, so that asking again does nothing more.
create table repeated_act (
    id uuid primary key,
    person_id uuid not null,
    key text not null,
    field text not null,
    fingerprint text not null,
    outcome jsonb not null,
    created_at timestamptz not null,
    unique (person_id, key, field)
);
create index repeated_act_created_at on repeated_act (created_at);
