-- What other services have to be told. A row is written in the transaction that causes it, and stays until the
-- service has answered. Any node delivers it.

create table outbox (
  id         bigint generated always as identity primary key,
  -- Each service is told by itself, so that one that does not answer holds up no other.
  service    text not null check (service in ('trtc', 'im')),
  kind       text not null check (kind in ('close-room', 'remove-participant', 'dismiss-group')),
  -- {"room": 1284467} and, to remove one, "participant".
  payload    jsonb not null,
  attempts   int not null default 0,
  due_at     timestamptz not null default now(),
  created_at timestamptz not null default now()
);
create index outbox_due on outbox (service, due_at);

-- Every snapshot carries the next number: it grows over reconnects and nodes.
create sequence snapshot_rev;
