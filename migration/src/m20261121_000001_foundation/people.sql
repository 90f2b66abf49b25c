-- The fund that pays for projects.
create table programme (
    id uuid primary key,
    key text not null,
    name jsonb not null,
    unique (key),
    check (key <> '')
);

-- An organisation, shared by all projects that it takes part in.
create table organisation (
    id uuid primary key,
    key text not null,
    kind text not null,
    name text not null,
    native_name text,
    country text,
    time_zone text not null,
    locale text not null,
    latitude double precision,
    longitude double precision,
    geonames_id bigint,
    wikidata_id text,
    unique (key),
    check (country is null or length(country) = 2),
    check (key <> ''),
    check (kind in ('CITY', 'CITY_NETWORK', 'DEVELOPMENT_AGENCY', 'EXPERT_ORGANISATION', 'NGO', 'PUBLIC_FUNDER', 'OTHER'))
);

-- A human, or a mailbox that a role shares. Names and addresses live here alone.
create table person (
    id uuid primary key,
    key text not null,
    kind text not null,
    name text,
    address text,
    locale text not null,
    time_zone text not null,
    digest text not null,
    digest_hour integer not null,
    paused_until date,
    suppressed_at timestamptz,
    unique (key),
    unique (address),
    check (digest_hour between 0 and 23),
    check (key <> ''),
    check (kind in ('HUMAN', 'MAILBOX')),
    check (digest in ('NEVER', 'WEEKLY'))
);

-- One person's refusal of one category of mail.
create table unsubscription (
    id uuid primary key,
    person_id uuid not null references person (id) on delete cascade,
    category text not null,
    created_at timestamptz not null,
    unique (person_id, category),
    check (category in ('EXCHANGE_REMINDER', 'VISIT_REMINDER', 'MEETING_REMINDER', 'DIGEST', 'PROGRESS_REPORT'))
);
