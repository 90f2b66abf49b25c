-- A proposal is about the dates of an output, or about what several projects show: then each of them
-- has a row of it, under one change, and `changes` says which fields would be what.
create table proposal_anew (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    kind text not null default 'DATES',
    output_id uuid references output (id) on delete cascade,
    by_id uuid references partner (id) on delete set null,
    person_id uuid references person (id) on delete set null,
    proposed_at timestamptz not null,
    reason text not null,
    until date not null,
    -- The dates that the output had when it was proposed, and those that it would have.
    old_starts text,
    old_ends text,
    starts text,
    ends text,
    change_id uuid,
    -- The organisation, person or programme.
    record_id uuid,
    changes jsonb not null default '[]',
    -- Another project proposes it, and this one is asked.
    is_asked boolean not null default false,
    agreed_at timestamptz,
    decision text,
    decided_at timestamptz,
    decided_by_id uuid references person (id) on delete set null,
    answer text,
    unique (project_id, key),
    unique (project_id, change_id),
    check (kind in ('DATES', 'ORGANISATION', 'PERSON', 'PROGRAMME')),
    check ((kind = 'DATES') = (output_id is not null)),
    check ((kind = 'DATES') = (starts is not null)),
    check ((kind = 'DATES') = (change_id is null)),
    check ((kind = 'DATES') = (record_id is null)),
    check (is_asked or agreed_at is null),
    check (decision in ('ACCEPTED', 'DECLINED', 'WITHDRAWN')),
    check ((decision is null) = (decided_at is null)),
    check (starts is null or length(starts) in (4, 7, 10)),
    check (ends is null or length(ends) in (4, 7, 10)),
    check (old_starts is null or length(old_starts) in (4, 7, 10)),
    check (old_ends is null or length(old_ends) in (4, 7, 10))
);
insert into proposal_anew (
    id, project_id, key, position, output_id, by_id, person_id, proposed_at, reason, until,
    old_starts, old_ends, starts, ends, decision, decided_at, decided_by_id, answer
)
select
    id, project_id, key, position, output_id, by_id, person_id, proposed_at, reason, until,
    old_starts, old_ends, starts, ends, decision, decided_at, decided_by_id, answer
from proposal;
drop table proposal;
alter table proposal_anew rename to proposal;
create index proposal_output_id on proposal (output_id);
create index proposal_by_id on proposal (by_id);
create index proposal_person_id on proposal (person_id);
create index proposal_decided_by_id on proposal (decided_by_id);
create index proposal_change_id on proposal (change_id);
create index proposal_record_id on proposal (record_id);
