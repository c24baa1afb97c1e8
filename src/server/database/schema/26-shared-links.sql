-- Links by which somebody without an account gets a recording or a case file, for a time.

create table shared_links (
  id           uuid primary key default gen_random_uuid(),
  site_id      text not null references sites on delete cascade,
  call_id      uuid not null references calls on delete cascade,
  -- Null: the link is to the case file of the call. The link ends with its recording.
  recording_id uuid references recordings on delete cascade,
  -- The link's code is stored as its hash only.
  code_hash    bytea not null unique,
  -- Who made it, for example `owner olivia`. A link of an agent who is disabled counts no more.
  made_by      text not null,
  agent_id     uuid references agents on delete cascade deferrable,
  made_at      timestamptz not null default now(),
  expires_at   timestamptz not null
);
create index shared_links_of_call on shared_links (call_id);
create index shared_links_of_recording on shared_links (recording_id) where recording_id is not null;
create index shared_links_of_agent on shared_links (agent_id) where agent_id is not null;
create index shared_links_of_site on shared_links (site_id);
create index shared_links_by_expiry on shared_links (expires_at);
