-- Sites, agents, calls, offers, rooms, chat. Every timeout is decided by this database's clock.

create table sites (
  id             text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name           text not null,
  -- Page origins that may call, e.g. https://shop.example.com, and CRM origins that may frame the desk.
  origins        text[] not null default '{}',
  crm_origins    text[] not null default '{}',
  -- The JWT secret is derived from the server's key, the site and this number; it is stored nowhere.
  secret_version int not null default 1,
  queue_limit    int not null default 500 check (queue_limit > 0),
  -- With nobody of the group online: keep the place in the queue, or refuse with no-agent-online.
  no_agent       text not null default 'queue' check (no_agent in ('queue', 'refuse')),
  media          text not null default 'default' check (media in ('default', 'peer', 'trtc')),
  created_at     timestamptz not null default now()
);

create table skill_groups (
  site_id         text not null references sites on delete cascade,
  id              text not null check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name            text not null,
  -- The lowest is the site's default group.
  position        int not null default 0,
  offer_seconds   int not null default 20 check (offer_seconds between 5 and 120),
  wrap_up_seconds int not null default 30 check (wrap_up_seconds between 0 and 3600),
  -- null: always open. Else {"timeZone": "Asia/Shanghai", "open": [{"days": [1,2,3,4,5], "from": "09:00", "to": "18:00"}]}
  hours           jsonb,
  primary key (site_id, id)
);

create table agents (
  id             uuid primary key default gen_random_uuid(),
  site_id        text not null references sites on delete cascade,
  username       text not null unique check (username <> ''),
  name           text not null,
  password_hash  text,
  -- What the agent chose, or `away` after missed offers. Ringing, busy and wrap-up are derived.
  status         text not null default 'offline' check (status in ('offline', 'available', 'break', 'away')),
  status_since   timestamptz not null default now(),
  idle_since     timestamptz not null default now(),
  missed_in_row  int not null default 0,
  -- Offers and calls held at this moment; the schema refuses one too many.
  load           int not null default 0,
  capacity       int not null default 1,
  wrap_up_call   uuid,
  wrap_up_until  timestamptz,
  -- Since when no socket of the agent lives; null while one does.
  gone_at        timestamptz default now(),
  -- Since when no tab is in charge though a call is live: the tab that comes back first gets it.
  charge_lost_at timestamptz,
  check (load between 0 and capacity)
);

create table agent_groups (
  agent_id uuid not null references agents on delete cascade,
  site_id  text not null,
  group_id text not null,
  primary key (agent_id, site_id, group_id),
  foreign key (site_id, group_id) references skill_groups on delete cascade
);
create index on agent_groups (site_id, group_id);

-- Sign-ins by password. The token itself is nowhere but with the agent.
create table agent_sessions (
  token_hash bytea primary key,
  agent_id   uuid not null references agents on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index on agent_sessions (expires_at);

-- One row for each server process; alive while it beats.
create table nodes (
  id           uuid primary key,
  started_at   timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);

create table calls (
  id               uuid primary key default gen_random_uuid(),
  site_id          text not null references sites on delete cascade,
  group_id         text not null,
  state            text not null default 'queued'
                   check (state in ('queued', 'offered', 'accepted', 'ready', 'connected', 'ended')),
  -- Grows with every change of state; an operation names the one that it read.
  epoch            int not null default 0,
  priority         int not null default 0,
  visitor_name     text not null,
  -- From an identity that the site's backend signed; null for anybody else.
  visitor_id       text,
  params           jsonb not null default '{}',
  page             text,
  language         text,
  -- sha256 of the visitor's resume token. After the end it opens nothing but the view of that end, and
  -- is wiped ten minutes later.
  resume_hash      bytea unique,
  requested_at     timestamptz not null default now(),
  -- Set while no socket of the visitor lives; the agent's is agents.gone_at.
  visitor_gone_at  timestamptz,
  agent_id         uuid references agents,
  room             int,
  accepted_at      timestamptz,
  -- Until when the room must be entered: by the agent while accepted, by the visitor while ready.
  enter_by         timestamptz,
  ready_at         timestamptz,
  connected_at     timestamptz,
  ended_at         timestamptz,
  ended_reason     text,
  foreign key (site_id, group_id) references skill_groups,
  check ((state = 'ended') = (ended_at is not null)),
  check ((state in ('accepted', 'ready', 'connected')) <= (agent_id is not null and room is not null))
);
create index calls_queue on calls (site_id, group_id, priority desc, requested_at, id) where state = 'queued';
create index calls_live on calls (state) where state <> 'ended';
create index calls_history on calls (site_id, group_id, connected_at desc) where connected_at is not null;
create unique index calls_room on calls (room) where state <> 'ended' and room is not null;
create index calls_agent on calls (agent_id, ended_at desc);
create index calls_resume_to_wipe on calls (ended_at) where state = 'ended' and resume_hash is not null;

create table offers (
  id         uuid primary key default gen_random_uuid(),
  call_id    uuid not null references calls on delete cascade,
  agent_id   uuid not null references agents,
  epoch      int not null,
  state      text not null default 'active' check (state in ('active', 'accepted', 'declined', 'missed', 'withdrawn')),
  offered_at timestamptz not null default now(),
  deadline   timestamptz not null,
  closed_at  timestamptz,
  -- Why it went to this agent, for a person to read.
  why        text not null
);
create unique index offers_one_of_a_call on offers (call_id) where state = 'active';
create index offers_deadline on offers (deadline) where state = 'active';
create index offers_call on offers (call_id, agent_id);
create index offers_agent on offers (agent_id, offered_at desc);

create table call_transitions (
  call_id    uuid not null references calls on delete cascade,
  epoch      int not null,
  from_state text,
  to_state   text not null,
  agent_id   uuid,
  reason     text not null,
  at         timestamptz not null default clock_timestamp(),
  primary key (call_id, epoch)
);

create table rooms (
  number        int primary key check (number between 1 and 2147483647),
  site_id       text not null references sites on delete cascade,
  -- A call that went back to the queue after accept gets another room; calls.room is the one that counts.
  call_id       uuid references calls on delete cascade,
  provider      text not null default 'peer' check (provider in ('peer', 'trtc')),
  name          text,
  chat_sequence int not null default 0,
  created_at    timestamptz not null default now(),
  closed_at     timestamptz
);

create index on rooms (call_id) where call_id is not null;

-- One row for each join that a ticket was made for.
create table participants (
  id            text primary key check (id ~ '^[A-Za-z0-9_-]{1,32}$'),
  room          int not null references rooms on delete cascade,
  role          text not null check (role in ('visitor', 'agent', 'guest')),
  name          text not null,
  verified      boolean not null default false,
  agent_id      uuid references agents,
  -- A guest's own id from the room token.
  subject       text,
  issued_at     timestamptz not null default now(),
  entered_at    timestamptz,
  left_at       timestamptz,
  read_sequence int not null default 0
);
create index on participants (room);

-- Presence: a live socket on a live node (DESIGN 1).
create table connections (
  id             uuid primary key,
  node_id        uuid not null references nodes on delete cascade,
  role           text not null check (role in ('visitor', 'agent', 'guest')),
  site_id        text not null references sites on delete cascade,
  agent_id       uuid references agents on delete cascade,
  call_id        uuid references calls on delete cascade,
  participant_id text references participants on delete set null,
  in_charge      boolean not null default false,
  connected_at   timestamptz not null default clock_timestamp()
);
create index on connections (node_id);
create index on connections (agent_id) where agent_id is not null;
create index on connections (call_id) where call_id is not null;
create index on connections (participant_id) where participant_id is not null;
-- One tab of an agent is in charge. Checked at the end of a statement, so that one can hand over.
alter table connections add constraint connections_in_charge
  exclude using btree (agent_id with =) where (in_charge) deferrable initially immediate;

create table images (
  id         uuid primary key default gen_random_uuid(),
  room       int not null references rooms on delete cascade,
  type       text not null,
  width      int not null,
  height     int not null,
  bytes      bytea not null,
  created_at timestamptz not null default now()
);
create index on images (room);

create table messages (
  room           int not null references rooms on delete cascade,
  sequence       int not null,
  id             uuid not null,
  participant_id text not null references participants,
  sent_at        timestamptz not null default clock_timestamp(),
  text           text,
  image_id       uuid references images,
  primary key (room, sequence),
  unique (room, id),
  check ((text is null) <> (image_id is null))
);

-- Every snapshot carries the next number: it grows over reconnects and nodes (DESIGN 3).
create sequence snapshot_rev;

-- Whether a group is open. A span that ends before it begins lasts past midnight; days are 1 (Monday) to 7.
create function is_open(hours jsonb, at_time timestamptz) returns boolean language sql stable as $$
  select hours is null or exists (
    select 1
      from (select at_time at time zone coalesce(hours ->> 'timeZone', 'UTC') as local) l,
           jsonb_to_recordset(hours -> 'open') as span (days int[], "from" time, "to" time)
     where case
       when span."from" < span."to" then
         l.local::time >= span."from" and l.local::time < span."to"
         and extract(isodow from l.local)::int = any (span.days)
       else
         (l.local::time >= span."from" and extract(isodow from l.local)::int = any (span.days))
         or (l.local::time < span."to"
             and extract(isodow from l.local - interval '1 day')::int = any (span.days))
       end)
$$;

-- Holds out queued calls to free agents, as many as fit into `batch`: by priority, then age; to the agent
-- of the group who is idle longest, those who have refused this very call last. Rows that somebody else
-- holds are skipped, never waited for, so that it cannot be part of a deadlock. A loop and not one
-- join: an agent of two groups must go to the call that is first over both.
create function match_calls(batch int)
returns table (call uuid, agent uuid, site text, skill text) language plpgsql as $$
#variable_conflict use_column
declare
  free    uuid[];
  waiting record;
  picked  record;
  calls_  uuid[] := '{}';
  agents_ uuid[] := '{}';
  whys_   text[] := '{}';
begin
  select array_agg(f.id order by f.idle_since, f.id) into free from (
    select a.id, a.idle_since from agents a
     where a.status = 'available' and a.load < a.capacity and a.wrap_up_call is null
       and exists (select 1 from connections x join nodes n on n.id = x.node_id
                    where x.agent_id = a.id and n.heartbeat_at > now() - interval '10 seconds')
       and exists (select 1 from agent_groups m
                     join calls c on c.site_id = m.site_id and c.group_id = m.group_id and c.state = 'queued'
                    where m.agent_id = a.id)
     order by a.idle_since, a.id limit batch for update of a skip locked) f;
  if free is null then return; end if;

  for waiting in
    select q.* from (select distinct m.site_id, m.group_id from agent_groups m where m.agent_id = any (free)) g
      cross join lateral (
        select c.id, c.site_id, c.group_id, c.priority, c.requested_at from calls c
         where c.site_id = g.site_id and c.group_id = g.group_id and c.state = 'queued'
           and exists (
             select 1 from agent_groups m
              where m.agent_id = any (free) and m.site_id = g.site_id and m.group_id = g.group_id
                and not exists (select 1 from offers o where o.call_id = c.id and o.agent_id = m.agent_id
                                   and o.closed_at > now() - interval '10 seconds'))
         order by c.priority desc, c.requested_at, c.id
         limit cardinality(free) for update of c skip locked) q
     order by q.priority desc, q.requested_at, q.id
  loop
    select a.id,
           format('in group %s; %s since %s', g.name,
             case when o.refused is null then 'idle longest,' else 'nobody else is free; idle' end,
             to_char(a.idle_since at time zone coalesce(g.hours ->> 'timeZone', 'UTC'), 'HH24:MI')) as why
      into picked
      from unnest(free) as f (id)
      join agents a on a.id = f.id
      join agent_groups m on m.agent_id = a.id and m.site_id = waiting.site_id and m.group_id = waiting.group_id
      join skill_groups g on g.site_id = m.site_id and g.id = m.group_id
      cross join lateral (select max(o.closed_at) as refused from offers o
                           where o.call_id = waiting.id and o.agent_id = a.id) o
     where o.refused is null or o.refused <= now() - interval '10 seconds'
     order by o.refused nulls first, a.idle_since, a.id
     limit 1;
    continue when not found;
    free := array_remove(free, picked.id);
    calls_ := calls_ || waiting.id;
    agents_ := agents_ || picked.id;
    whys_ := whys_ || picked.why;
    exit when cardinality(free) = 0;
  end loop;

  return query
    with pair as (select * from unnest(calls_, agents_, whys_) as p (call_id, agent_id, why)),
    moved as (
      update calls c set state = 'offered', epoch = c.epoch + 1 from pair p
       where c.id = p.call_id and c.state = 'queued'
      returning c.id, c.epoch, c.site_id, c.group_id, p.agent_id, p.why),
    held as (
      insert into offers (call_id, agent_id, epoch, deadline, why)
      select m.id, m.agent_id, m.epoch, now() + make_interval(secs => g.offer_seconds), m.why
        from moved m join skill_groups g on g.site_id = m.site_id and g.id = m.group_id),
    noted as (
      insert into call_transitions (call_id, epoch, from_state, to_state, agent_id, reason)
      select m.id, m.epoch, 'queued', 'offered', m.agent_id, 'offered' from moved m),
    loaded as (update agents a set load = a.load + 1 from moved m where a.id = m.agent_id)
    select m.id, m.agent_id, m.site_id, m.group_id from moved m;
end
$$;
