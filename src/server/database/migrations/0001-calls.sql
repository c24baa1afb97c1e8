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
  -- sha256 of the visitor's resume token; null once the call has ended.
  resume_hash      bytea unique,
  requested_at     timestamptz not null default now(),
  -- Set while no socket of the visitor (the agent, once accepted) lives.
  visitor_gone_at  timestamptz,
  agent_gone_at    timestamptz,
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
  call_id       uuid unique references calls on delete cascade,
  provider      text not null default 'peer' check (provider in ('peer', 'trtc')),
  name          text,
  chat_sequence int not null default 0,
  created_at    timestamptz not null default now(),
  closed_at     timestamptz
);

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
create unique index connections_in_charge on connections (agent_id) where in_charge;

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
