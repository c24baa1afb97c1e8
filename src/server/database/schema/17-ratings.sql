-- What visitors say about their calls.

create table call_ratings (
  call_id    uuid primary key references calls on delete cascade,
  -- How the site asked. A yes is 5 and a no is 1, so that all values have one scale.
  kind       text not null check (kind in ('stars', 'yes-no')),
  value      int not null check (value between 1 and 5),
  -- [{"id": "friendly", "label": {"en": "Friendly"}}]: with the labels of that time.
  reasons    jsonb not null default '[]',
  text       text not null default '',
  rated_at   timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  check (kind = 'stars' or value in (1, 5))
);

-- The sums for the reports, by the day of the call's request in the site's time zone. They stay when a call is deleted.
create table rating_days (
  site_id  text not null references sites on delete cascade,
  day      date not null,
  group_id text,
  -- Who answered for the call at its end.
  agent_id uuid references agents on delete no action deferrable,
  ratings  int not null,
  -- The sum of the values.
  points   int not null,
  foreign key (site_id, group_id) references skill_groups on delete cascade,
  unique nulls not distinct (site_id, day, group_id, agent_id)
);
create index rating_days_of_group on rating_days (site_id, group_id);
create index rating_days_of_agent on rating_days (agent_id) where agent_id is not null;

create function count_rating() returns trigger language plpgsql as $$
begin
  insert into rating_days as d (site_id, day, group_id, agent_id, ratings, points)
  select c.site_id, (c.requested_at at time zone s.time_zone)::date, c.group_id, l.agent_id,
         case tg_op when 'INSERT' then 1 else 0 end,
         new.value - case tg_op when 'INSERT' then 0 else old.value end
    from calls c join sites s on s.id = c.site_id left join legs l on l.id = c.owner_leg_id
   where c.id = new.call_id
  on conflict (site_id, day, group_id, agent_id)
  do update set ratings = d.ratings + excluded.ratings, points = d.points + excluded.points;
  perform announce(c.site_id, 'call.rated', c.id, null,
                   jsonb_build_object('kind', new.kind, 'value', new.value, 'reasons', new.reasons, 'text', new.text,
                                      'changed', tg_op = 'UPDATE'), clock_timestamp())
     from calls c where c.id = new.call_id;
  return null;
end
$$;
create trigger call_ratings_counted after insert or update on call_ratings
  for each row execute function count_rating();
