-- How people and programs come in to configure a site, and the requests that make something once.

-- The first owner's one-time codes: each node of an empty installation prints a link with one. A site ends them all.
create table setup_codes (
  code_hash  bytea primary key,
  expires_at timestamptz not null
);

-- Links by which agents choose a password. An agent has one at a time; choosing the password deletes it.
create table password_links (
  agent_id   uuid primary key references agents on delete cascade,
  code_hash  bytea not null unique,
  expires_at timestamptz not null
);
create index password_links_by_expiry on password_links (expires_at);

-- Keys of programs that call the REST interface. The key itself is stored as its hash only.
create table api_keys (
  id           uuid primary key default gen_random_uuid(),
  site_id      text not null references sites on delete cascade,
  name         text not null,
  -- The first characters of the key, for people.
  start        text not null,
  key_hash     bytea not null unique,
  scopes       text[] not null,
  -- Null: the site's backend made it.
  created_by   uuid references agents on delete set null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create index api_keys_of_site on api_keys (site_id, created_at);
create index api_keys_by_maker on api_keys (created_by) where created_by is not null;

-- Requests with an Idempotency-Key. The same key again gets the stored answer, for a day.
create table idempotent_requests (
  site_id      text not null references sites on delete cascade,
  -- `agent:<id>`, `api-key:<id>` or `backend:<sub>`.
  caller       text not null,
  key          text not null,
  -- Of the address and the body.
  request_hash bytea not null,
  -- Null: the request is not finished, or its answer held a secret.
  status       int,
  answer       text,
  etag         text,
  created_at   timestamptz not null default now(),
  primary key (site_id, caller, key)
);
create index idempotent_requests_by_age on idempotent_requests (created_at);

-- The outcomes from which agents choose: a tree of at most three levels.
create table dispositions (
  site_id      text not null references sites on delete cascade,
  code         text not null check (code ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  level        int not null check (level between 1 and 3),
  parent_code  text,
  -- The level above. Together with the foreign key it keeps the tree free of circles.
  parent_level int generated always as (nullif(level - 1, 0)) stored,
  position     int not null,
  -- {"en": "Solved", "zh-CN": "已解决"}
  label        jsonb not null,
  -- Taken out of the tree, and kept for the calls that have it. It is then without a parent.
  retired_at   timestamptz,
  primary key (site_id, code),
  unique (site_id, code, level),
  -- Deferred, so that a whole tree is replaced by another.
  foreign key (site_id, parent_code, parent_level) references dispositions (site_id, code, level) on delete no action
    deferrable initially deferred,
  check ((level = 1) = (parent_code is null)),
  check (retired_at is null or level = 1)
);
create index dispositions_by_parent on dispositions (site_id, parent_code, parent_level) where parent_code is not null;

-- A disposition of a leg is retired, not deleted, except together with the site.
alter table legs add foreign key (site_id, disposition) references dispositions on delete no action deferrable;
create index legs_by_disposition on legs (site_id, disposition) where disposition is not null;

-- What agents write about a call for their team. Each save is a version; the highest is the note.
create table call_notes (
  call_id  uuid not null references calls on delete cascade,
  -- The author. Everybody has a note of their own in a call.
  agent_id uuid not null references agents on delete no action deferrable,
  version  int not null check (version > 0),
  text     text not null,
  saved_at timestamptz not null default now(),
  primary key (call_id, agent_id, version)
);
create index call_notes_by_author on call_notes (agent_id);

create table call_tags (
  call_id  uuid not null references calls on delete cascade,
  tag      text not null,
  -- Who added it.
  agent_id uuid not null references agents on delete no action deferrable,
  added_at timestamptz not null default now(),
  primary key (call_id, tag)
);
create index call_tags_by_agent on call_tags (agent_id);

-- Texts that agents send by a shortcut.
create table canned_replies (
  id             uuid primary key default gen_random_uuid(),
  site_id        text not null references sites on delete cascade,
  scope          text not null check (scope in ('personal', 'group', 'site')),
  agent_id       uuid,
  group_id       text,
  shortcut       text not null,
  -- Null: for visitors of any language.
  language       text,
  text           text not null,
  -- WebP.
  picture        bytea,
  picture_width  int,
  picture_height int,
  foreign key (site_id, agent_id) references agents (site_id, id) on delete cascade,
  foreign key (site_id, group_id) references skill_groups on delete cascade,
  check ((scope = 'personal') = (agent_id is not null)),
  check ((scope = 'group') = (group_id is not null)),
  check ((picture is null) = (picture_width is null) and (picture is null) = (picture_height is null))
);
create unique index canned_replies_by_shortcut on canned_replies (
  site_id, scope, coalesce(agent_id::text, group_id, ''), shortcut, coalesce(language, ''));
create index canned_replies_of_agent on canned_replies (site_id, agent_id) where agent_id is not null;
create index canned_replies_of_group on canned_replies (site_id, group_id) where group_id is not null;
