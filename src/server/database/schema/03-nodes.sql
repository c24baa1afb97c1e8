-- Server processes.

-- One row for each process. It lives as long as its heartbeat goes on.
create table nodes (
  id           uuid primary key,
  heartbeat_at timestamptz not null default now()
);

-- One row: when any node last wrote that the service runs. A gap is time in which nobody could reach a server.
create table service_heartbeat (
  one boolean primary key default true check (one),
  at  timestamptz not null default clock_timestamp()
);
insert into service_heartbeat default values;

-- Whether a server has run until now, with no gap longer than this. Only then may a sweep take something back: nobody
-- is given up for time in which no server could be reached.
create function service_is_up(gap_seconds int) returns boolean language sql volatile as $$
  select exists (select from service_heartbeat where at > clock_timestamp() - make_interval(secs => gap_seconds))
$$;

-- What one node hands to another: a media signal, a typing mark. Nothing that has to outlive a crash.
create unlogged table node_messages (
  id      bigint generated always as identity primary key,
  -- No foreign key: a message to a node that has died is dropped with the others after a while.
  node_id text not null,
  payload text not null,
  sent_at timestamptz not null default now()
);
create index node_messages_by_node on node_messages (node_id, id);
