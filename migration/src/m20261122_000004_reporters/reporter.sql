-- A partner for whom an output was reported, or a person who then acted for one. Reports from before
-- have none.
create table reporter (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_event_id uuid not null references output_event (id) on delete cascade,
    partner_id uuid references partner (id) on delete cascade,
    person_id uuid references person (id) on delete cascade,
    position integer not null,
    check ((partner_id is null) <> (person_id is null)),
    unique (output_event_id, partner_id),
    unique (output_event_id, person_id)
);
create index reporter_project_id on reporter (project_id);
create index reporter_partner_id on reporter (partner_id);
create index reporter_person_id on reporter (person_id);
