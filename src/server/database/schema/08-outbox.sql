-- What other services have to be told. A row is written in the transaction that causes it, and stays until the
-- service has answered. Any node delivers it.

create table outbox (
  id         bigint generated always as identity primary key,
  -- Each service is told by itself, so that one that does not answer holds up no other.
  service    text not null check (service in ('trtc', 'im', 'webhook', 'push', 'cloud-recording')),
  kind       text not null check (kind in ('close-room', 'remove-participant', 'dismiss-group', 'deliver-event', 'ring-visitor',
                                          'sync-recording', 'stop-stray-recording')),
  -- {"room": 1284467} and, to remove one, "participant"; {"endpoint": …, "event": …} to deliver an event;
  -- {"subscription": …} to ring at a visitor who is asked in.
  payload    jsonb not null,
  -- One of several receivers of the service. A node tells each of them a few things at a time.
  receiver   text,
  -- Of the rows with the same text, only the oldest is delivered.
  in_order   text,
  attempts   int not null default 0,
  due_at     timestamptz not null default now(),
  created_at timestamptz not null default now()
);
create index outbox_due on outbox (service, due_at);
create index outbox_in_order on outbox (in_order, id) where in_order is not null;
create index outbox_of_receiver on outbox (receiver) where receiver is not null;

-- A room that closes and ever was TRTC's is closed there, and its group at IM is dismissed. People who leave by
-- themselves get 3 s before TRTC removes them, since being removed looks like a failure to them. Who made the group
-- dismisses it when they leave; the outbox is for those who vanished, 30 s later.
create function tell_cloud_of_closed_room() returns trigger language plpgsql as $$
begin
  insert into outbox (service, kind, payload, due_at) values
    ('trtc', 'close-room', jsonb_build_object('room', new.number), now() + interval '3 seconds'),
    ('im', 'dismiss-group', jsonb_build_object('room', new.number), now() + interval '30 seconds');
  return null;
end
$$;
create trigger rooms_tell_cloud after update of closed_at on rooms for each row
  when (old.closed_at is null and new.closed_at is not null and (new.provider = 'trtc' or new.fell_back_at is not null))
  execute function tell_cloud_of_closed_room();

-- Every snapshot carries the next number: it grows over reconnects and nodes.
create sequence snapshot_rev;
