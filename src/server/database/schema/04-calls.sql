-- Visitors, calls, the agents' legs in them, and the log of what happened.

-- Somebody a site vouched for with a signed identity.
create table visitors (
  id          uuid primary key default gen_random_uuid(),
  site_id     text not null references sites on delete cascade,
  -- The site's own id of this person.
  external_id text not null,
  name        text not null,
  unique (site_id, external_id)
);

create table calls (
  id              uuid primary key default gen_random_uuid(),
  site_id         text not null references sites on delete cascade,
  -- Null only for a call that is choosing and has not reached a queue, or that ended so.
  group_id        text,
  state           text not null default 'queued'
                  check (state in ('choosing', 'queued', 'offered', 'accepted', 'ready', 'connected', 'ended')),
  -- Grows with every change of state. An operation moves a call only under the epoch that it has read.
  epoch           int not null default 0,
  -- The number of rows in call_events: the next event's sequence is one more.
  event_count     int not null default 0,
  -- 1 to 9; the highest goes first.
  priority        int not null default 5 check (priority between 1 and 9),
  -- Null for a visitor without a signed identity.
  visitor_id      uuid references visitors on delete set null,
  visitor_name    text not null,
  -- The callback for which the server made this call (a foreign key in 15-callbacks.sql); null: the visitor made it.
  callback_id     uuid,
  -- json and not jsonb, which reorders: agents see the params in the order of the page.
  params          json not null default '{}',
  page            text,
  language        text,
  -- sha256 of the visitor's resume token. It is wiped ten minutes after the end.
  resume_hash     bytea unique,
  -- sha256 of the code that hands the call over to another device, and until when it counts. It is used once.
  hand_over_hash  bytea unique,
  hand_over_until timestamptz,
  -- When the call went to another device. Older sockets of the visitor are closed.
  handed_over_at  timestamptz,
  -- The resume hash of the device that had the call before. It is wiped together with resume_hash.
  former_resume_hash bytea unique,
  -- A keyed hash of the visitor's address. It is wiped together with resume_hash.
  address_hash    bigint,
  requested_at    timestamptz not null default now(),
  -- Since when no socket of the visitor lives; null while one does.
  visitor_gone_at timestamptz,
  -- The leg of the agent who answers for the call now (a foreign key below).
  owner_leg_id    uuid,
  -- The room in which visitor and agents meet (a foreign key in 05-rooms.sql).
  room            int,
  -- While ready: the signal that the agent gave with the accept, {"from": participant, "data": signal}. It is `json`,
  -- which keeps any text; `jsonb` refuses some escapes.
  first_signal    json,
  -- While ready: until when the visitor has to enter.
  enter_by        timestamptz,
  -- While ready: the visitor's page is hidden, and calls the visitor back to it.
  visitor_hidden  boolean not null default false,
  -- While connected: the visitor has left, and can come back until then.
  visitor_left_until timestamptz,
  -- When the visitor last left the connected call; null: never. See visitor_absence.
  visitor_left_at timestamptz,
  ready_at        timestamptz,
  connected_at    timestamptz,
  ended_at        timestamptz,
  ended_reason    text,
  -- A group with calls is not deleted, except together with its site: `set constraints all deferred` first.
  foreign key (site_id, group_id) references skill_groups on delete no action deferrable,
  check (group_id is not null or state in ('choosing', 'ended')),
  check ((state = 'ended') = (ended_at is not null)),
  check ((ended_at is null) = (ended_reason is null)),
  check ((hand_over_hash is null) = (hand_over_until is null)),
  check (first_signal is null or state = 'ready'),
  check (not visitor_hidden or state = 'ready'),
  check (visitor_left_until is null or state = 'connected'),
  check (state not in ('accepted', 'ready', 'connected') or (owner_leg_id is not null and room is not null))
);
create index calls_waiting on calls (site_id, group_id, priority desc, requested_at, id)
  where state in ('queued', 'offered');
create index calls_live_by_address on calls (site_id, address_hash) where ended_at is null;
create index calls_of_site on calls (site_id, requested_at desc, id desc);
create index calls_of_group on calls (site_id, group_id, ended_at desc) where connected_at is not null;
create index calls_by_end on calls (site_id, ended_at) where ended_at is not null;
create index calls_of_visitor on calls (visitor_id) where visitor_id is not null;
create index calls_left on calls (visitor_left_until) where visitor_left_until is not null;
create index calls_with_secrets on calls (ended_at)
  where resume_hash is not null or address_hash is not null or hand_over_hash is not null or former_resume_hash is not null;

-- One agent's part in a call. An offer is a leg in the state `offered`.
--
--   offered → accepted → joined → left (wrap-up) → closed
--   offered → declined | missed | withdrawn;  accepted → withdrawn
create table legs (
  id            uuid primary key default gen_random_uuid(),
  call_id       uuid not null references calls on delete cascade,
  kind          text not null default 'first'
                check (kind in ('first', 'transfer', 'consult', 'conference', 'monitor')),
  state         text not null default 'offered'
                check (state in ('offered', 'accepted', 'joined', 'left', 'closed', 'declined', 'missed', 'withdrawn')),
  -- An agent with legs is disabled, not deleted, except together with the site.
  agent_id      uuid not null references agents on delete no action deferrable,
  -- The group through which this agent was chosen.
  site_id       text not null,
  group_id      text not null,
  -- The leg that asked for this one: of a transfer, consultation or conference.
  from_leg_id   uuid references legs on delete set null,
  -- OfferReason (protocol/offer-reason.ts): why the call was offered to this agent.
  reason        jsonb not null,
  -- Why it did not go on: declined, missed, agent-gone, room-not-entered, call-ended, transferred …
  end_reason    text,
  -- While offered: until when it can be accepted. While accepted: until when the agent has to enter the room.
  deadline      timestamptz,
  offered_at    timestamptz not null default clock_timestamp(),
  accepted_at   timestamptz,
  joined_at     timestamptz,
  left_at       timestamptz,
  -- While left: when the wrap-up ends.
  wrap_up_until timestamptz,
  -- The outcome that the agent chose (a foreign key in 12-configuration.sql).
  disposition   text,
  closed_at     timestamptz,
  foreign key (site_id, group_id) references skill_groups on delete no action deferrable,
  check ((state in ('offered', 'accepted')) = (deadline is not null)),
  check ((state = 'left') = (wrap_up_until is not null)),
  check ((state in ('closed', 'declined', 'missed', 'withdrawn')) = (closed_at is not null))
);
-- A call is offered to one agent at a time.
create unique index legs_one_offer_of_a_call on legs (call_id) where state = 'offered';
-- Capacity: an agent has one active leg (one joined leg for video). Monitoring does not count.
create unique index legs_one_active_of_an_agent on legs (agent_id)
  where state in ('offered', 'accepted', 'joined') and kind <> 'monitor';
create index legs_of_call on legs (call_id, offered_at);
create index legs_of_agent on legs (agent_id, offered_at desc);
create index legs_open on legs (agent_id) where state in ('offered', 'accepted', 'joined', 'left');
create index legs_with_deadline on legs (deadline) where deadline is not null;

alter table calls add foreign key (owner_leg_id) references legs on delete set null;
create index calls_of_owner_leg on calls (owner_leg_id) where owner_leg_id is not null;

-- What happened in a call, by whom and when. Records, webhooks and reports read it.
create table call_events (
  call_id  uuid not null references calls on delete cascade,
  -- 1, 2, 3 … without a gap.
  sequence int not null check (sequence > 0),
  type     text not null check (type in (
             'created', 'choosing', 'flow-answered', 'flow-requested', 'message-left', 'callback-requested', 'queued', 'offered', 'offer-declined', 'offer-missed', 'offer-withdrawn',
             'accepted', 'agent-joined', 'ready', 'connected', 'visitor-left', 'visitor-returned', 'agent-left', 'owner-changed',
             'media-fell-back', 'handed-over', 'consent-agreed', 'consent-refused', 'drawing-began', 'picture-frozen', 'drawing-ended', 'recording-asked',
             'recording-started', 'recording-paused', 'recording-resumed', 'recording-stopped', 'recording-refused',
             'recording-failed', 'recording-ready', 'ended')),
  at       timestamptz not null default clock_timestamp(),
  actor    text not null check (actor in ('visitor', 'agent', 'guest', 'system')),
  leg_id   uuid references legs on delete cascade,
  agent_id uuid references agents on delete no action deferrable,
  -- Parameters of the type, e.g. {"reason": "agent-ended"}.
  data     jsonb not null default '{}',
  primary key (call_id, sequence)
);
create index call_events_of_leg on call_events (leg_id) where leg_id is not null;
create index call_events_of_agent on call_events (agent_id) where agent_id is not null;

-- Only retention deletes events, and nothing changes them. Retention says so for its transaction:
-- set local rtc_desk.retention = 'on'
create function refuse_log_change() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' and current_setting('rtc_desk.retention', true) = 'on' then return old; end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;
create trigger call_events_append_only before update or delete on call_events
  for each row execute function refuse_log_change();
create trigger call_events_never_truncated before truncate on call_events
  for each statement execute function refuse_log_change();

-- How many calls still fit into a site's queue of at most `most`. The answer is exact: the caller holds the site's
-- lock until its request is committed. A call that comes back into the queue keeps its place and is not counted
-- anew. It is plpgsql and not SQL so that its count sees what was committed while it waited for the lock.
create function free_queue_places(site text, most int) returns int language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(hashtext('queue'), hashtext(site));
  return most - (select count(*) from (
    select from calls c where c.site_id = site and c.state = 'queued' limit most) q);
end
$$;

-- Live calls of one address on a site, counted up to `most`. Exact for a caller of free_queue_places.
create function live_calls_of_address(site text, address bigint, most int) returns int language plpgsql volatile as $$
begin
  return (select count(*) from (
    select from calls c where c.site_id = site and c.address_hash = address and c.ended_at is null limit most) q);
end
$$;

-- Whether the visitor left the queue before an agent was there. Nobody waits in the queue for a callback.
create function is_abandoned(c calls) returns boolean language sql immutable as $$
  select c.connected_at is null and c.group_id is not null and c.callback_id is null
     and coalesce(c.ended_reason in ('cancelled', 'abandoned', 'visitor-ended', 'visitor-gone'), false)
$$;

-- How long the visitor was away between two times. Each absence begins when the visitor leaves. It ends with the return,
-- or at `until_time`. Only a call with `visitor_left_at` needs to ask.
create function visitor_absence(call uuid, from_time timestamptz, until_time timestamptz) returns interval language sql stable as $$
  select coalesce(sum(greatest(interval '0', least(back.at, until_time) - greatest(gone.at, from_time))), interval '0')
    from call_events gone
    left join lateral (
      select e.at from call_events e
       where e.call_id = call and e.type = 'visitor-returned' and e.sequence > gone.sequence
       order by e.sequence limit 1) back on true
   where gone.call_id = call and gone.type = 'visitor-left'
$$;
