-- Presence: a live socket on a live node.

create table connections (
  id           uuid primary key,
  node_id      uuid not null references nodes on delete cascade,
  role         text not null check (role in ('visitor', 'agent', 'guest')),
  site_id      text not null references sites on delete cascade,
  agent_id     uuid references agents on delete cascade,
  -- A visitor's call; null before the request, and after the call was deleted: the socket is still open.
  call_id      uuid references calls on delete set null,
  -- The room that a guest came for.
  room         int references rooms on delete cascade,
  -- The tab of an agent that rings and holds the call.
  active_tab   boolean not null default false,
  connected_at timestamptz not null default clock_timestamp(),
  check ((role = 'agent') = (agent_id is not null)),
  check ((role = 'guest') = (room is not null))
);
create index connections_of_node on connections (node_id);
create index connections_of_agent on connections (agent_id) where agent_id is not null;
create index connections_of_call on connections (call_id) where call_id is not null;
create index connections_of_room on connections (room) where room is not null;
-- One tab of an agent is active. It is checked at the end of a statement, so that one statement moves it.
alter table connections add constraint connections_one_active_tab
  exclude using btree (agent_id with =) where (active_tab) deferrable initially immediate;

alter table participants add foreign key (connection_id) references connections on delete set null;
create index participants_of_connection on participants (connection_id) where connection_id is not null;
