-- One funded action.
create table project (
    id uuid primary key,
    key text not null,
    acronym text not null,
    name jsonb not null,
    summary jsonb not null,
    programme_id uuid not null references programme (id) on delete restrict,
    starts_on date not null,
    ends_on date not null,
    time_zone text not null,
    default_locale text not null,
    grant_agreement text,
    call_reference text,
    websites jsonb not null,
    related jsonb not null,
    public boolean not null,
    sources jsonb not null,
    revision bigint not null,
    next_plan_at timestamptz,
    created_at timestamptz not null,
    unique (key),
    check (ends_on >= starts_on),
    check (key <> '')
);
create index project_programme_id on project (programme_id);

-- A document that the records refer to.
create table source (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    title text not null,
    publisher text,
    address text,
    unique (project_id, key),
    check (key <> '')
);

-- A discrepancy between sources, something unknown, or a remark.
create table note (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    kind text not null,
    topic text not null,
    body text,
    readings jsonb not null,
    about jsonb not null,
    unique (project_id, key),
    check (key <> ''),
    check (kind in ('DISCREPANCY', 'UNKNOWN', 'REMARK'))
);

-- An organisation's place in the project.
create table partner (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    organisation_id uuid not null references organisation (id) on delete restrict,
    position integer not null,
    kind text not null,
    via_id uuid references partner (id) on delete set null,
    acting_body text,
    joined_on date,
    left_on date,
    note text,
    basis jsonb not null,
    sources jsonb not null,
    unique (project_id, organisation_id),
    check (kind in ('COORDINATOR', 'EXPERT', 'CORE_CITY', 'REGIONAL_PARTNER', 'ASSOCIATED_MUNICIPALITY', 'FELLOW_CITY', 'FUNDER'))
);
create index partner_organisation_id on partner (organisation_id);
create index partner_via_id on partner (via_id);

-- What a person may do in the project, and for which partner.
create table role (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    person_id uuid not null references person (id) on delete cascade,
    partner_id uuid references partner (id) on delete cascade,
    kind text not null,
    position integer not null,
    unique (project_id, person_id, kind, partner_id),
    check (kind in ('COORDINATOR', 'EXPERT', 'PARTNER', 'FUNDER', 'VIEWER'))
);
create index role_person_id on role (person_id);
create index role_partner_id on role (partner_id);

-- A community of practice.
create table community (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    number integer not null,
    letter text,
    title jsonb not null,
    expert_id uuid references partner (id) on delete set null,
    planned_visits integer not null,
    note text,
    sources jsonb not null,
    unique (project_id, key),
    check (key <> '')
);
create index community_expert_id on community (expert_id);

-- A partner's place in a community.
create table member (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    community_id uuid not null references community (id) on delete cascade,
    partner_id uuid not null references partner (id) on delete cascade,
    position integer not null,
    role text,
    role_hint text,
    basis jsonb not null,
    unique (community_id, partner_id),
    check (role is null or role in ('MENTOR', 'IMPLEMENTING', 'OBSERVER'))
);
create index member_project_id on member (project_id);
create index member_partner_id on member (partner_id);

-- A figure promised to the funder, with the rule that counts towards it.
create table target (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    label jsonb not null,
    unit text not null,
    value bigint not null,
    currency text,
    headline boolean not null,
    due_on date,
    rule jsonb not null,
    rule_version integer not null,
    stated bigint,
    stated_sources jsonb not null,
    note text,
    basis jsonb not null,
    sources jsonb not null,
    unique (project_id, key),
    check (key <> ''),
    check (unit in ('POLICY', 'CITY', 'LEG', 'VISIT', 'PERSON', 'WORKSHOP', 'GUIDE', 'VIDEO', 'CONFERENCE', 'PLAN', 'COMMUNITY', 'DAY', 'MONTH', 'MONEY', 'ORGANISATION', 'COUNTRY'))
);

-- Money, as far as it is known.
create table budget_line (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    kind text not null,
    label text not null,
    partner_id uuid references partner (id) on delete set null,
    amount_minor bigint,
    currency text not null,
    note text,
    sources jsonb not null,
    unique (project_id, key),
    check (length(currency) = 3),
    check (key <> ''),
    check (kind in ('PROJECT_FUNDING', 'PARTNER_SHARE', 'GRANT_POOL'))
);
create index budget_line_partner_id on budget_line (partner_id);

-- A call for participants.
create table open_call (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    title text not null,
    issued text,
    deadline date,
    for_whom text,
    places integer,
    form_url text,
    required jsonb not null,
    sources jsonb not null,
    unique (project_id, key),
    check (key <> ''),
    check (issued is null or length(issued) in (4, 7, 10))
);

-- Something published about the project.
create table publication (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    title text not null,
    published text,
    url text,
    community_id uuid references community (id) on delete set null,
    sources jsonb not null,
    unique (project_id, key),
    check (key <> ''),
    check (published is null or length(published) in (4, 7, 10))
);
create index publication_community_id on publication (community_id);

-- What is mailed, when and to whom: data, not code.
create table reminder_rule (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    key text not null,
    position integer not null,
    category text not null,
    anchor text not null,
    offsets jsonb not null,
    at_time text not null,
    weekday integer,
    month_day integer,
    audience jsonb not null,
    useful_hours integer not null,
    enabled boolean not null,
    unique (project_id, key),
    check (key <> ''),
    check (category in ('EXCHANGE_REMINDER', 'VISIT_REMINDER', 'MEETING_REMINDER', 'DIGEST', 'PROGRESS_REPORT')),
    check (anchor in ('EXCHANGE_START', 'VISIT_START', 'EVENT_START', 'WEEK', 'MONTH'))
);
create index project_next_plan_at on project (next_plan_at);
create index project_created_at on project (created_at);
