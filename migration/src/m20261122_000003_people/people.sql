-- Whether a person may begin projects, and when their name was taken out of the product.
alter table person add column may_create_projects boolean not null default false;
alter table person add column erased_at timestamptz;

-- A link by which somebody signs in, once. Where nobody has the address, it is kept all the same, so
-- that nothing tells the two apart.
create table sign_in_link (
    id uuid primary key,
    person_id uuid references person (id) on delete cascade,
    address_hash text not null,
    secret_hash text not null,
    browser_hash text,
    requested_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index sign_in_link_person_id on sign_in_link (person_id);
create index sign_in_link_address_hash on sign_in_link (address_hash, requested_at);
create index sign_in_link_expires_at on sign_in_link (expires_at);

-- A browser in which somebody is signed in.
create table session (
    id uuid primary key,
    person_id uuid not null references person (id) on delete cascade,
    secret_hash text not null,
    previous_hash text,
    rotated_at timestamptz not null,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    unique (secret_hash)
);
create index session_person_id on session (person_id);
create index session_previous_hash on session (previous_hash);
create index session_expires_at on session (expires_at);

-- What a dashboard or a script signs in with, on a person's behalf, in one project.
create table api_token (
    id uuid primary key,
    person_id uuid not null references person (id) on delete cascade,
    project_id uuid not null references project (id) on delete cascade,
    name text not null,
    secret_hash text not null,
    may_write boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    unique (secret_hash)
);
create index api_token_person_id on api_token (person_id);
create index api_token_project_id on api_token (project_id);

-- A file that somebody sent and that is not evidence yet.
create table upload (
    id uuid primary key,
    person_id uuid references person (id) on delete cascade,
    sha256 text not null,
    media_type text not null,
    size bigint not null,
    created_at timestamptz not null
);
create index upload_person_id on upload (person_id);
create index upload_created_at on upload (created_at);
create index evidence_sha256 on evidence (sha256);
