-- Service flows: what happens between the press and the queue; what visitors leave in them.

-- Hosts to which a flow's `request` steps may go, with a port if it is not 443.
alter table sites add column request_hosts text[] not null default '{}';

create table flows (
  site_id           text not null references sites on delete cascade,
  id                text not null check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name              text not null,
  -- Flow (protocol/flow.ts). It may be unfinished. It is `json`, which keeps the order of the steps.
  draft             json not null,
  -- Grows with every change of name, draft, default or published version. It is the ETag.
  revision          int not null default 1,
  -- The version with which new calls begin; null: the flow was never published (a foreign key below).
  published_version int,
  -- New calls that name neither a flow nor a skill begin with this flow.
  is_default        boolean not null default false,
  changed_at        timestamptz not null default now(),
  primary key (site_id, id),
  check (not is_default or published_version is not null)
);
create unique index flows_one_default on flows (site_id) where is_default;

-- A version never changes: calls under way go on with the one with which they began.
create table flow_versions (
  id           uuid primary key default gen_random_uuid(),
  site_id      text not null,
  flow_id      text not null,
  -- 1, 2, 3 … of the flow.
  version      int not null check (version > 0),
  document     json not null,
  -- Who published it: an agent, or a name for the backend, the operator or the server.
  agent_id     uuid references agents on delete no action deferrable,
  author       text not null,
  published_at timestamptz not null default clock_timestamp(),
  unique (site_id, flow_id, version),
  foreign key (site_id, flow_id) references flows on delete cascade
);
create index flow_versions_of_agent on flow_versions (agent_id) where agent_id is not null;
alter table flows add foreign key (site_id, id, published_version)
  references flow_versions (site_id, flow_id, version) on delete no action deferrable;

create function refuse_version_change() returns trigger language plpgsql as $$
begin
  raise exception 'a version of a flow never changes' using errcode = 'restrict_violation';
end
$$;
create trigger flow_versions_never_change before update on flow_versions
  for each row execute function refuse_version_change();

alter table calls
  -- A version with calls is not deleted, except together with its site.
  add column flow_version_id uuid references flow_versions on delete no action deferrable,
  -- The step at which the call stands: it waits for the visitor, a request or the queue.
  add column flow_node text,
  -- FlowState (server/flows/flow-state.ts) without node and params, which are columns.
  add column flow_state json,
  -- While choosing or queued: when the flow goes on by itself, or ends.
  add column flow_deadline timestamptz,
  add check (state <> 'choosing' or flow_version_id is not null);
create index calls_of_flow_version on calls (flow_version_id) where flow_version_id is not null;
create index calls_with_flow_deadline on calls (flow_deadline)
  where flow_deadline is not null and state in ('choosing', 'queued');
create index calls_choosing on calls (site_id) where state = 'choosing';

-- Messages that visitors left, and callbacks that they asked for.
create table follow_ups (
  id         uuid primary key default gen_random_uuid(),
  site_id    text not null references sites on delete cascade,
  group_id   text not null,
  call_id    uuid not null references calls on delete cascade,
  kind       text not null check (kind in ('message', 'callback')),
  -- An e-mail address or a phone number, as the visitor wrote it.
  contact    text not null,
  text       text not null,
  left_at    timestamptz not null default clock_timestamp(),
  -- The agent who takes care of it; null: nobody yet.
  assignee   uuid references agents on delete set null,
  -- Null while somebody still has to answer.
  handled_at timestamptz,
  -- Who says that it was answered.
  handled_by text,
  foreign key (site_id, group_id) references skill_groups on delete no action deferrable,
  check ((handled_at is null) = (handled_by is null))
);
create index follow_ups_of_site on follow_ups (site_id, left_at desc, id desc);
create index follow_ups_of_call on follow_ups (call_id);
create index follow_ups_of_assignee on follow_ups (assignee) where assignee is not null;

-- The calls of a site that are choosing, counted up to `most`. Exact for a caller of free_queue_places.
create function choosing_calls(site text, most int) returns int language plpgsql volatile as $$
begin
  return (select count(*) from (select from calls c where c.site_id = site and c.state = 'choosing' limit most) q);
end
$$;
