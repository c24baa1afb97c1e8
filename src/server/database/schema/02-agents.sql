-- Agents, their groups and their sign-ins.

create table agents (
  id                 uuid primary key default gen_random_uuid(),
  site_id            text not null references sites on delete cascade,
  username           text not null check (username <> ''),
  name               text not null,
  role               text not null default 'agent' check (role in ('agent', 'supervisor', 'admin', 'owner')),
  -- Null: the agent comes with a JWT of the site's backend only.
  password_hash      text,
  -- The hash of the password that the provision file gave last. A password that the agent chose since then stays until
  -- the file gives another one.
  file_password_hash text,
  -- The password is the demo's, which works from the server's own machine only.
  demo_password      boolean not null default false,
  -- The secret of the authenticator app, encrypted with a key derived from the server's; `pending` until a first code
  -- has shown that the app has it.
  second_factor         bytea,
  second_factor_pending bytea,
  -- The time step of the last code: none is accepted twice.
  second_factor_step    bigint,
  -- A disabled agent signs in no more and is offered nothing.
  disabled_at        timestamptz,
  -- What the agent chose, or `away` after missed offers. Ringing, busy and wrap-up follow from legs.
  status             text not null default 'offline' check (status in ('offline', 'available', 'break', 'away')),
  status_reason      text,
  status_since       timestamptz not null default now(),
  -- Since when the agent is free, for the choice of the longest idle.
  idle_since         timestamptz not null default now(),
  -- Offers missed in a row.
  missed_in_row      int not null default 0,
  -- Since when no socket of the agent lives; null while one does.
  gone_at            timestamptz default now(),
  -- Since when no tab is active though a call is live. The tab that comes back first becomes active.
  active_tab_lost_at timestamptz,
  unique (site_id, username),
  unique (site_id, id)
);

-- Codes that take the place of one code of the authenticator app, each once. Only keyed hashes are stored.
create table recovery_codes (
  agent_id  uuid not null references agents on delete cascade,
  code_hash bytea not null,
  primary key (agent_id, code_hash)
);

create table memberships (
  agent_id uuid not null,
  site_id  text not null,
  group_id text not null,
  -- 1 is the best.
  level    int not null default 1 check (level between 1 and 5),
  primary key (agent_id, group_id),
  -- Both keys hold the site: an agent can be a member of groups of the own site only.
  foreign key (site_id, agent_id) references agents (site_id, id) on delete cascade,
  foreign key (site_id, group_id) references skill_groups on delete cascade
);
create index memberships_by_group on memberships (site_id, group_id);

-- Sign-ins by password. The token is stored as its hash only.
create table agent_sessions (
  token_hash bytea primary key,
  agent_id   uuid not null references agents on delete cascade,
  expires_at timestamptz not null
);
create index agent_sessions_by_agent on agent_sessions (agent_id);
create index agent_sessions_by_expiry on agent_sessions (expires_at);

-- Sign-ins in a row that failed, by the name that was typed, whether there is such an agent or not. The name is stored
-- as a hash, since people type passwords into the wrong field.
create table sign_in_failures (
  site_id       text not null references sites on delete cascade,
  username_hash bytea not null,
  failures      int not null,
  blocked_until timestamptz not null,
  failed_at     timestamptz not null,
  primary key (site_id, username_hash)
);
create index sign_in_failures_by_time on sign_in_failures (failed_at);
