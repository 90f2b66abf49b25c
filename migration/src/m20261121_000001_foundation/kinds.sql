-- One leg of a pairing: one host, five days.
create table staff_exchange (
    output_id uuid primary key references output (id) on delete cascade,
    project_id uuid not null references project (id) on delete cascade,
    pairing_id uuid not null references pairing (id) on delete cascade,
    leg integer,
    learned text,
    adapted text,
    unique (pairing_id, leg),
    check (leg is null or leg in (1, 2))
);
create index staff_exchange_project_id on staff_exchange (project_id);

-- A thematic cluster visit (workshop).
create table visit (
    output_id uuid primary key references output (id) on delete cascade,
    project_id uuid not null references project (id) on delete cascade,
    number integer not null,
    organiser_id uuid references partner (id) on delete set null
);
create index visit_project_id on visit (project_id);
create index visit_organiser_id on visit (organiser_id);

-- A practice seen at a visit.
create table visit_practice (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_id uuid not null references output (id) on delete cascade,
    practice_id uuid not null references practice (id) on delete cascade,
    position integer not null,
    unique (output_id, practice_id)
);
create index visit_practice_project_id on visit_practice (project_id);
create index visit_practice_practice_id on visit_practice (practice_id);

-- A conference or meeting.
create table event (
    output_id uuid primary key references output (id) on delete cascade,
    project_id uuid not null references project (id) on delete cascade,
    kind text not null,
    about_participants integer,
    website text,
    check (kind in ('CONFERENCE', 'PROJECT_MEETING', 'PREPARATORY_MEETING', 'WORKING_MEETING', 'PEER_REVIEW', 'WEBINAR', 'PUBLIC_EVENT'))
);
create index event_project_id on event (project_id);

-- A roadmap: a strategy and a pact are kinds of it.
create table action_plan (
    output_id uuid primary key references output (id) on delete cascade,
    project_id uuid not null references project (id) on delete cascade,
    kind text not null,
    original_title text,
    draft_period text,
    period text,
    presented text,
    document_url text,
    check (kind in ('ACTION_PLAN', 'STRATEGY', 'PACT')),
    check (presented is null or length(presented) in (4, 7, 10))
);
create index action_plan_project_id on action_plan (project_id);

-- A planned action or commitment of an action plan.
create table measure (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_id uuid not null references output (id) on delete cascade,
    position integer not null,
    title text not null,
    state text not null,
    due text,
    unique (output_id, position),
    check (state in ('PLANNED', 'UNDER_WAY', 'DONE', 'DROPPED')),
    check (due is null or length(due) in (4, 7, 10))
);
create index measure_project_id on measure (project_id);

-- Who was involved in an action plan.
create table stakeholder (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_id uuid not null references output (id) on delete cascade,
    position integer not null,
    name text not null,
    kind text,
    unique (output_id, position)
);
create index stakeholder_project_id on stakeholder (project_id);

-- The adoption of an action plan by a public body.
create table endorsement (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_id uuid not null references output (id) on delete cascade,
    position integer not null,
    body text not null,
    endorsed text,
    document_url text,
    sources jsonb not null,
    unique (output_id, position),
    check (endorsed is null or length(endorsed) in (4, 7, 10))
);
create index endorsement_project_id on endorsement (project_id);

-- A new policy that a city puts into practice.
create table policy (
    output_id uuid primary key references output (id) on delete cascade,
    project_id uuid not null references project (id) on delete cascade,
    kind text not null,
    plan_id uuid references output (id) on delete set null,
    opened text,
    grant_minor bigint,
    currency text not null,
    beneficiaries text,
    facts jsonb not null,
    check (length(currency) = 3),
    check (kind in ('STRATEGY', 'ONE_STOP_SHOP', 'NETWORK', 'SERVICE')),
    check (opened is null or length(opened) in (4, 7, 10))
);
create index policy_project_id on policy (project_id);
create index policy_plan_id on policy (plan_id);

-- A practitioner trained to train other cities.
create table champion (
    output_id uuid primary key references output (id) on delete cascade,
    project_id uuid not null references project (id) on delete cascade,
    person_id uuid references person (id) on delete set null,
    role_title text,
    selected text,
    trained text,
    check (selected is null or length(selected) in (4, 7, 10)),
    check (trained is null or length(trained) in (4, 7, 10))
);
create index champion_project_id on champion (project_id);
create index champion_person_id on champion (person_id);

-- A training that a champion delivered.
create table training (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_id uuid not null references output (id) on delete cascade,
    position integer not null,
    description text not null,
    workshop_id uuid references output (id) on delete set null,
    held text,
    audience text,
    unique (output_id, position),
    check (held is null or length(held) in (4, 7, 10))
);
create index training_project_id on training (project_id);
create index training_workshop_id on training (workshop_id);

-- An international workshop held by the champions.
create table champion_workshop (
    output_id uuid primary key references output (id) on delete cascade,
    project_id uuid not null references project (id) on delete cascade,
    about_participants integer
);
create index champion_workshop_project_id on champion_workshop (project_id);

-- A how-to guide.
create table guide (
    output_id uuid primary key references output (id) on delete cascade,
    project_id uuid not null references project (id) on delete cascade,
    language text,
    landing_url text,
    file_url text
);
create index guide_project_id on guide (project_id);

-- A video.
create table video (
    output_id uuid primary key references output (id) on delete cascade,
    project_id uuid not null references project (id) on delete cascade,
    language text,
    url text
);
create index video_project_id on video (project_id);

-- A standing dialogue of migrants, associations and a municipality.
create table forum (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    name jsonb not null,
    practice_id uuid references practice (id) on delete set null,
    partner_id uuid references partner (id) on delete set null,
    district text,
    founded text,
    meets text,
    access text,
    funding text,
    beneficiaries text,
    goals jsonb not null,
    results jsonb not null,
    stated jsonb not null,
    sources jsonb not null,
    unique (project_id, key),
    check (key <> ''),
    check (founded is null or length(founded) in (4, 7, 10))
);
create index forum_practice_id on forum (practice_id);
create index forum_partner_id on forum (partner_id);

-- An association or individual in a forum.
create table forum_member (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    forum_id uuid not null references forum (id) on delete cascade,
    position integer not null,
    kind text not null,
    name text,
    state text not null,
    applied text,
    decided text,
    unique (forum_id, position),
    check (kind in ('ASSOCIATION', 'INDIVIDUAL')),
    check (state in ('APPLIED', 'ACCEPTED', 'DECLINED')),
    check (applied is null or length(applied) in (4, 7, 10)),
    check (decided is null or length(decided) in (4, 7, 10))
);
create index forum_member_project_id on forum_member (project_id);

-- A topic proposed to a forum.
create table forum_topic (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    forum_id uuid not null references forum (id) on delete cascade,
    position integer not null,
    title text not null,
    proposed_by text not null,
    proposed text,
    unique (forum_id, position),
    check (proposed_by in ('PARTICIPANT', 'COORDINATOR')),
    check (proposed is null or length(proposed) in (4, 7, 10))
);
create index forum_topic_project_id on forum_topic (project_id);

-- A meeting of a forum.
create table forum_meeting (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    forum_id uuid not null references forum (id) on delete cascade,
    position integer not null,
    held text,
    place text,
    note text,
    unique (forum_id, position),
    check (held is null or length(held) in (4, 7, 10))
);
create index forum_meeting_project_id on forum_meeting (project_id);
