-- A partner for whom an output was reported. Reports from before have none.
create table reporter (
    id uuid primary key,
    project_id uuid not null references project (id) on delete cascade,
    output_event_id uuid not null references output_event (id) on delete cascade,
    partner_id uuid not null references partner (id) on delete cascade,
    position integer not null,
    unique (output_event_id, partner_id)
);
create index reporter_project_id on reporter (project_id);
create index reporter_partner_id on reporter (partner_id);
