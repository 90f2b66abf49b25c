-- The dashboard's answer as one statement: what the API is measured against.
with connection as (select * from project where key = 'connection'),
step as (
  select e.output_id, e.position, e.verb,
    coalesce(e.effective_on, case when e.verb = 'PLANNED' then p.starts_on else
      case length(coalesce(o.ends, o.starts))
        when 10 then coalesce(o.ends, o.starts)::date
        when 7 then ((coalesce(o.ends, o.starts) || '-01')::date + interval '1 month - 1 day')::date
        when 4 then (coalesce(o.ends, o.starts) || '-12-31')::date
        else p.ends_on end end) as effective_on
  from output_event e join output o on o.id = e.output_id join connection p on p.id = e.project_id
),
standing as (
  select distinct on (output_id) output_id, verb from step
  where effective_on <= date '2022-12-31' and verb <> 'RESCHEDULED'
  order by output_id, position desc
),
item as (
  select t.id as target_id, o.id, o.kind, o.title, o.starts, o.position, coalesce(s.verb, 'PLANNED') as state,
    exists (select from evidence v where v.output_id = o.id and t.rule->'evidence' ? v.kind) as evident
  from connection p
  join target t on t.project_id = p.id and t.headline
  join output o on o.project_id = p.id and o.kind = t.rule->'of'->'output'->>'kind'
  left join standing s on s.output_id = o.id
  left join event d on d.output_id = o.id
  where coalesce(s.verb, 'PLANNED') <> 'CANCELLED'
    and (t.rule->'of'->'output'->'eventKinds' is null or t.rule->'of'->'output'->'eventKinds' ? d.kind)
),
figure as (
  select target_id,
    count(*) as planned,
    count(*) filter (where state in ('REPORTED', 'VERIFIED') and evident) as reported,
    count(*) filter (where state = 'VERIFIED' and evident) as verified,
    (json_agg(json_build_object('__typename', kind, 'id', id, 'title', coalesce(title->>'en', id::text),
      'state', state, 'startsOn', starts) order by position)) as nodes
  from item group by target_id
)
select json_build_object('data', json_build_object('project', json_build_object(
  'acronym', p.acronym, 'revision', p.revision,
  'progress', json_build_object('figures', (
    select json_agg(json_build_object(
      'target', json_build_object('key', t.key, 'label', coalesce(t.label->>'it', t.label->>'en'),
        'value', t.value, 'unit', t.unit, 'rule', coalesce(t.rule->'text'->>'en', '')),
      'planned', f.planned, 'reported', f.reported, 'verified', f.verified,
      'share', f.reported::float / nullif(t.value, 0),
      'items', json_build_object('totalCount', f.planned, 'nodes', f.nodes)) order by t.position)
    from target t left join figure f on f.target_id = t.id
    where t.project_id = p.id and t.headline)))))
from connection p;
