-- What would change, by whom, why and until when. Whether it is open or has lapsed is a function of
-- the day.
create table proposal (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    output_id uuid not null references output (id) on delete cascade,
    by_id uuid references partner (id) on delete set null,
    person_id uuid references person (id) on delete set null,
    proposed_at timestamptz not null,
    reason text not null,
    until date not null,
    -- The dates that the output had when it was proposed, and those that it would have.
    old_starts text,
    old_ends text,
    starts text not null,
    ends text,
    decision text,
    decided_at timestamptz,
    decided_by_id uuid references person (id) on delete set null,
    answer text,
    unique (project_id, key),
    check (decision in ('ACCEPTED', 'DECLINED', 'WITHDRAWN')),
    check ((decision is null) = (decided_at is null)),
    check (length(starts) in (4, 7, 10)),
    check (ends is null or length(ends) in (4, 7, 10)),
    check (old_starts is null or length(old_starts) in (4, 7, 10)),
    check (old_ends is null or length(old_ends) in (4, 7, 10))
);
create index proposal_output_id on proposal (output_id);
create index proposal_by_id on proposal (by_id);
create index proposal_person_id on proposal (person_id);
create index proposal_decided_by_id on proposal (decided_by_id);
