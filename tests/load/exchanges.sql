-- The hundred staff exchanges with host and guests as one statement.
with p as (select * from project where key = 'synthetic-0001'),
standing as (
  select distinct on (e.output_id) e.output_id, e.verb
  from output_event e join p on p.id = e.project_id
  where coalesce(e.effective_on, p.starts_on) <= current_date and e.verb <> 'RESCHEDULED'
  order by e.output_id, e.position desc
),
page as (
  select o.*, x.leg, x.pairing_id, coalesce(s.verb, 'PLANNED') as state
  from p join output o on o.project_id = p.id and o.kind = 'STAFF_EXCHANGE'
  join staff_exchange x on x.output_id = o.id
  left join standing s on s.output_id = o.id
  order by o.starts, o.id limit 100
)
select json_build_object('data', json_build_object('project', json_build_object('staffExchanges',
  json_build_object(
    'totalCount', (select count(*) from output o join p on p.id = o.project_id where o.kind = 'STAFF_EXCHANGE'),
    'nodes', (select json_agg(json_build_object(
      'id', g.id, 'title', g.title->>'en', 'state', g.state, 'startsOn', g.starts, 'endsOn', g.ends, 'leg', g.leg,
      'host', (select json_build_object('id', a.id, 'organisation',
          json_build_object('key', n.key, 'name', n.name, 'country', n.country))
        from partner a join organisation n on n.id = a.organisation_id where a.id = g.host_id),
      'guests', (select json_agg(json_build_object('id', a.id, 'organisation',
          json_build_object('key', n.key, 'name', n.name, 'country', n.country)) order by y.position)
        from pairing_party y join partner a on a.id = y.partner_id
        join organisation n on n.id = a.organisation_id
        where y.pairing_id = g.pairing_id and y.partner_id <> g.host_id
          and (g.leg is null or y.side = case g.leg when 1 then 'IMPLEMENTING' else 'MENTOR' end))))
      from page g)))));
