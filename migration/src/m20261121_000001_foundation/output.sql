-- A mentor and an implementing partner (or group) who exchange staff.
create table pairing (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    community_id uuid references community (id) on delete set null,
    days_per_leg integer not null,
    result text,
    note text,
    basis jsonb not null,
    sources jsonb not null,
    unique (project_id, key),
    check (key <> '')
);
create index pairing_community_id on pairing (community_id);

-- One partner on one side of a pairing.
create table pairing_party (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    pairing_id uuid not null references pairing (id) on delete cascade,
    partner_id uuid not null references partner (id) on delete cascade,
    side text not null,
    position integer not null,
    unique (pairing_id, partner_id),
    check (side in ('MENTOR', 'IMPLEMENTING'))
);
create index pairing_party_project_id on pairing_party (project_id);
create index pairing_party_partner_id on pairing_party (partner_id);

-- Whatever counts towards a target; one row of its kind's table says the rest.
create table output (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    kind text not null,
    key text not null,
    position integer not null,
    community_id uuid references community (id) on delete set null,
    lead_id uuid references partner (id) on delete set null,
    title jsonb not null,
    host_id uuid references partner (id) on delete set null,
    mode text,
    place text,
    platform text,
    planned_from text,
    planned_to text,
    starts text,
    ends text,
    days integer,
    due_on date,
    note text,
    basis jsonb not null,
    sources jsonb not null,
    unique (project_id, kind, key),
    check (kind in ('STAFF_EXCHANGE', 'VISIT', 'EVENT', 'ACTION_PLAN', 'POLICY', 'CHAMPION', 'CHAMPION_WORKSHOP', 'GUIDE', 'VIDEO')),
    check (key <> ''),
    check (mode is null or mode in ('IN_PERSON', 'ONLINE', 'HYBRID')),
    check (planned_from is null or length(planned_from) in (4, 7, 10)),
    check (planned_to is null or length(planned_to) in (4, 7, 10)),
    check (starts is null or length(starts) in (4, 7, 10)),
    check (ends is null or length(ends) in (4, 7, 10))
);
create index output_community_id on output (community_id);
create index output_lead_id on output (lead_id);
create index output_host_id on output (host_id);

-- One step in an output's history; only ever added to.
create table output_event (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_id uuid not null references output (id) on delete cascade,
    position integer not null,
    verb text not null,
    effective_on date,
    recorded_at timestamptz not null,
    person_id uuid references person (id) on delete set null,
    reason text,
    old_starts text,
    old_ends text,
    new_starts text,
    new_ends text,
    unique (output_id, position),
    check (verb in ('PLANNED', 'CONFIRMED', 'REPORTED', 'VERIFIED', 'RETURNED', 'CANCELLED', 'RESCHEDULED', 'REOPENED')),
    check (old_starts is null or length(old_starts) in (4, 7, 10)),
    check (old_ends is null or length(old_ends) in (4, 7, 10)),
    check (new_starts is null or length(new_starts) in (4, 7, 10)),
    check (new_ends is null or length(new_ends) in (4, 7, 10))
);
create index output_event_project_id on output_event (project_id);
create index output_event_person_id on output_event (person_id);

-- Who takes or took part in an output, and who did not.
create table participation (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_id uuid not null references output (id) on delete cascade,
    position integer not null,
    partner_id uuid references partner (id) on delete cascade,
    person_id uuid references person (id) on delete set null,
    who text,
    status text not null,
    reason text,
    sources jsonb not null,
    unique (output_id, position),
    check (status in ('EXPECTED', 'PRESENT', 'CANCELLED', 'UNABLE', 'NOT_NAMED'))
);
create index participation_project_id on participation (project_id);
create index participation_partner_id on participation (partner_id);
create index participation_person_id on participation (person_id);

-- A session of a visit, an exchange or an event.
create table agenda_item (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_id uuid not null references output (id) on delete cascade,
    position integer not null,
    day integer,
    part_of_day text,
    kind text not null,
    title text not null,
    presenter_id uuid references partner (id) on delete set null,
    speakers jsonb not null,
    sources jsonb not null,
    unique (output_id, position),
    check (part_of_day is null or part_of_day in ('MORNING', 'AFTERNOON', 'EVENING')),
    check (kind in ('WELCOME', 'INTRODUCTION', 'PRESENTATION', 'SESSION', 'PANEL', 'SITE_VISIT', 'ACTION_LEARNING', 'ACTION_PLANNING', 'DRAFTING', 'BRIEFING', 'WORKSHOP', 'TRAINING', 'CEREMONY', 'TOPIC'))
);
create index agenda_item_project_id on agenda_item (project_id);
create index agenda_item_presenter_id on agenda_item (presenter_id);

-- A challenge put to peers, their advice, or a lesson.
create table learning (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_id uuid not null references output (id) on delete cascade,
    position integer not null,
    kind text not null,
    body text not null,
    for_id uuid references partner (id) on delete set null,
    sources jsonb not null,
    unique (output_id, position),
    check (kind in ('CHALLENGE', 'ADVICE', 'LESSON'))
);
create index learning_project_id on learning (project_id);
create index learning_for_id on learning (for_id);

-- A means of verification: a source, an address or a file.
create table evidence (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_id uuid not null references output (id) on delete cascade,
    position integer not null,
    kind text not null,
    title text,
    source_id uuid references source (id) on delete cascade,
    locator text,
    url text,
    sha256 text,
    media_type text,
    size bigint,
    unique (output_id, position),
    check (kind in ('SOURCE', 'URL', 'FILE'))
);
create index evidence_project_id on evidence (project_id);
create index evidence_source_id on evidence (source_id);

-- A good practice of a city.
create table practice (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    name text not null,
    kind text not null,
    partner_id uuid references partner (id) on delete set null,
    since text,
    description text,
    facts jsonb not null,
    note text,
    sources jsonb not null,
    unique (project_id, key),
    check (key <> ''),
    check (since is null or length(since) in (4, 7, 10))
);
create index practice_partner_id on practice (partner_id);
create index output_event_recorded_at on output_event (project_id, recorded_at);
