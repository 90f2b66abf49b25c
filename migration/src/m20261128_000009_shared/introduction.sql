-- What a project said of an organisation or a person known elsewhere: shown there in place of what is
-- known of them, until somebody who may agrees.
create table introduction (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    organisation_id uuid references organisation (id) on delete cascade,
    person_id uuid references person (id) on delete cascade,
    given jsonb not null,
    unique (project_id, organisation_id),
    unique (project_id, person_id),
    check ((organisation_id is null) <> (person_id is null))
);
create index introduction_organisation_id on introduction (organisation_id);
create index introduction_person_id on introduction (person_id);
