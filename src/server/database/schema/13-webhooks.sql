-- Webhooks: what happens on a site is posted to addresses that the site names.

create table webhook_endpoints (
  id                    uuid primary key default gen_random_uuid(),
  site_id               text not null references sites on delete cascade,
  url                   text not null,
  description           text not null default '',
  -- Event types; null: all, also those of later versions.
  types                 text[] check (cardinality(types) > 0),
  -- The secret is derived from the server's key, the endpoint's id and this number. It is stored nowhere.
  secret_version        int not null default 1,
  -- Until when deliveries are also signed with the secret of the version before. Null: not at all.
  previous_secret_until timestamptz,
  disabled_at           timestamptz,
  -- `by-hand`, or `gone`: the endpoint answered 410.
  disabled_reason       text check (disabled_reason in ('by-hand', 'gone')),
  created_at            timestamptz not null default now(),
  check ((disabled_at is null) = (disabled_reason is null))
);
create index webhook_endpoints_of_site on webhook_endpoints (site_id, created_at);

-- What happened, once for all endpoints. An erased call takes its events with it.
create table webhook_events (
  id        bigint generated always as identity primary key,
  -- The `webhook-id` of every delivery of this event, so that a receiver can tell one that comes twice.
  public_id uuid not null default gen_random_uuid(),
  site_id   text not null references sites on delete cascade,
  type      text not null,
  call_id   uuid references calls on delete cascade,
  -- The row of call_events; null for an event that is none. Its data are read when it is delivered.
  sequence  int,
  data      jsonb not null default '{}',
  at        timestamptz not null default clock_timestamp()
);
create index webhook_events_by_time on webhook_events (at);
create index webhook_events_of_site on webhook_events (site_id);
create index webhook_events_of_call on webhook_events (call_id) where call_id is not null;

-- One event for one endpoint. While it waits, a row of the outbox has its next attempt.
create table webhook_deliveries (
  endpoint_id  uuid not null references webhook_endpoints on delete cascade,
  event_id     bigint not null references webhook_events on delete cascade,
  state        text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  attempts     int not null default 0,
  attempted_at timestamptz,
  -- Of the last attempt: the HTTP status, or null with the reason in `error`; the first bytes of the answer.
  status       int,
  error        text,
  answer       text,
  primary key (endpoint_id, event_id)
);
create index webhook_deliveries_of_event on webhook_deliveries (event_id);

-- Writes an event for the endpoints of the site that want it, in the transaction in which it happens. Nothing is
-- written if there is none.
create function announce(
  site text, event_type text, call uuid, event_sequence int, event_data jsonb, happened_at timestamptz
) returns void language plpgsql as $$
declare
  made bigint;
begin
  if not exists (
    select from webhook_endpoints e
     where e.site_id = site and e.disabled_at is null and (e.types is null or event_type = any (e.types))) then
    return;
  end if;
  insert into webhook_events (site_id, type, call_id, sequence, data, at)
  values (site, event_type, call, event_sequence, event_data, happened_at) returning id into made;
  perform deliver_event(e.id, made) from webhook_endpoints e
    where e.site_id = site and e.disabled_at is null and (e.types is null or event_type = any (e.types));
end
$$;

-- Delivers an event to an endpoint, again if it was delivered before. Events of one call arrive in order.
create function deliver_event(endpoint uuid, event bigint) returns void language plpgsql as $$
begin
  insert into webhook_deliveries (endpoint_id, event_id) values (endpoint, event)
  on conflict (endpoint_id, event_id) do update set state = 'waiting', attempts = 0;
  insert into outbox (service, kind, payload, receiver, in_order)
  select 'webhook', 'deliver-event', jsonb_build_object('endpoint', endpoint, 'event', event), endpoint::text,
         endpoint || '/' || v.call_id
    from webhook_events v where v.id = event;
end
$$;

create function announce_call_events() returns trigger language plpgsql as $$
declare
  e record;
begin
  if not exists (select from webhook_endpoints where disabled_at is null) then return null; end if;
  for e in
    select c.site_id, t.webhook_type, m.call_id, m.sequence, m.at
      from made m join calls c on c.id = m.call_id
      join (values ('created', 'call.created'), ('flow-answered', 'call.flow_answered'),
                   ('message-left', 'message.left'), ('callback-requested', 'callback.created'), ('queued', 'call.queued'), ('offered', 'call.offered'),
                   ('offer-missed', 'call.offer_missed'), ('accepted', 'call.accepted'),
                   ('agent-joined', 'call.participant_joined'), ('connected', 'call.connected'),
                   ('agent-left', 'call.participant_left'), ('recording-ready', 'recording.ready'),
                   ('recording-failed', 'recording.failed'), ('ended', 'call.ended')) t (type, webhook_type)
        on t.type = m.type
     order by m.call_id, m.sequence
  loop
    perform announce(e.site_id, e.webhook_type, e.call_id, e.sequence, '{}', e.at);
  end loop;
  return null;
end
$$;
create trigger call_events_announced after insert on call_events referencing new table as made
  for each statement execute function announce_call_events();

create function announce_wrapped_up_leg() returns trigger language plpgsql as $$
begin
  perform announce(new.site_id, 'call.wrapped_up', new.call_id, null,
                   jsonb_build_object(
                     'leg', new.id, 'agentId', new.agent_id, 'group', new.group_id, 'disposition', new.disposition,
                     'tags', (select coalesce(jsonb_agg(t.tag order by t.added_at, t.tag), '[]')
                                from call_tags t where t.call_id = new.call_id)), clock_timestamp());
  return null;
end
$$;
-- Also if the disposition changes after the wrap-up.
create trigger legs_announced after update of state, disposition on legs for each row
  when (new.state = 'closed' and (old.state = 'left' or old.disposition is distinct from new.disposition)) execute function announce_wrapped_up_leg();

create function announce_agent_status() returns trigger language plpgsql as $$
begin
  perform announce(new.site_id, 'agent.status_changed', null, null,
                   jsonb_build_object('agent', jsonb_build_object('id', new.id, 'username', new.username, 'name', new.name),
                                      'status', new.status, 'reason', new.status_reason), clock_timestamp());
  return null;
end
$$;
create trigger agents_announced after update of status on agents for each row
  when (old.status is distinct from new.status) execute function announce_agent_status();

-- Also if an earlier version is published again.
create function announce_published_flow() returns trigger language plpgsql as $$
begin
  perform announce(new.site_id, 'flow.published', null, null,
                   jsonb_build_object('flow', new.id, 'name', new.name, 'version', new.published_version,
                                      'previousVersion', old.published_version), clock_timestamp());
  return null;
end
$$;
create trigger flows_announced after update of published_version on flows for each row
  when (new.published_version is not null and old.published_version is distinct from new.published_version)
  execute function announce_published_flow();

create function announce_audit() returns trigger language plpgsql as $$
begin
  perform announce(new.site_id, case new.type when 'erased' then 'visitor.erased' else 'configuration.changed' end,
                   null, null, jsonb_build_object('subject', new.subject, 'by', new.actor), new.at);
  return null;
end
$$;
create trigger audit_announced after insert on audit for each row
  when (new.type in ('provisioned', 'configuration-changed', 'erased')) execute function announce_audit();
