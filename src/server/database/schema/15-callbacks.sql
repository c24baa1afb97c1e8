-- Callbacks: the server calls a visitor who did not want to wait.
--
--   waiting → due → offering → calling → reached | no-answer | expired | cancelled
--
-- `waiting`: for its turn, for the opening hours, or for the next attempt. When its turn has come, the server makes a
-- call in the queue, which has the time of the first press as its `requested_at`. From then on the state follows
-- that call: queued is `due`, offered is `offering`, accepted and ready are `calling`. A call that ends before the
-- visitor came is an attempt.

-- The visitor's code is derived from the server's key and the id (server/callbacks/callback-code.ts). It is not stored.
create table callbacks (
  id         uuid primary key references follow_ups on delete cascade,
  state      text not null default 'waiting'
             check (state in ('waiting', 'due', 'offering', 'calling', 'reached', 'no-answer', 'expired', 'cancelled')),
  -- Calls of this callback that ended before the visitor came.
  attempts   int not null default 0 check (attempts >= 0),
  -- While waiting: not before.
  next_at    timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '7 days',
  changed_at timestamptz not null default clock_timestamp()
);
create index callbacks_waiting on callbacks (next_at) where state = 'waiting';
create index callbacks_open on callbacks (expires_at) where state in ('waiting', 'due', 'offering', 'calling');

alter table calls add foreign key (callback_id) references callbacks on delete set null;
create index calls_of_callback on calls (callback_id) where callback_id is not null;
create unique index calls_one_live_of_a_callback on calls (callback_id)
  where callback_id is not null and ended_at is null;

-- Browsers that show a notification when their visitor is asked in.
create table push_subscriptions (
  id          uuid primary key default gen_random_uuid(),
  callback_id uuid not null references callbacks on delete cascade,
  -- The address of the browser's push service, and the browser's keys.
  endpoint    text not null,
  p256dh      text not null,
  auth        text not null,
  unique (callback_id, endpoint)
);

-- 3 attempts, 10 minutes apart. The visitor's own end of the call is a cancellation.
create function move_callback_with_call() returns trigger language plpgsql as $$
begin
  update callbacks b
     set state = case
           when new.connected_at is not null then 'reached'
           when new.state = 'queued' then 'due'
           when new.state = 'offered' then 'offering'
           when new.state <> 'ended' then 'calling'
           when new.ended_reason in ('cancelled', 'visitor-ended') then 'cancelled'
           when b.attempts >= 2 then 'no-answer'
           else 'waiting' end,
         attempts = b.attempts + (new.state = 'ended')::int,
         next_at = case when new.state = 'ended' then now() + interval '10 minutes' else b.next_at end,
         changed_at = clock_timestamp()
   where b.id = new.callback_id and b.state in ('due', 'offering', 'calling');
  return null;
end
$$;
create trigger calls_move_callback after update of state on calls for each row
  when (new.callback_id is not null and old.state is distinct from new.state) execute function move_callback_with_call();

-- Tells the site and the visitor's browsers. When the visitor was reached, or has cancelled, the follow-up is handled.
create function tell_of_callback() returns trigger language plpgsql as $$
declare
  latest calls;
begin
  select c.* into latest from calls c where c.callback_id = new.id
   order by c.ended_at is not null, c.ended_at desc limit 1;
  if new.state in ('reached', 'cancelled') then
    update follow_ups f
       set handled_at = now(), handled_by = case new.state when 'cancelled' then 'visitor' else (
             select a.role || ' ' || a.username from legs l join agents a on a.id = l.agent_id
              where l.id = latest.owner_leg_id) end
     where f.id = new.id and f.handled_at is null;
  end if;
  if new.state = 'calling' then
    insert into outbox (service, kind, payload, receiver)
    select 'push', 'ring-visitor', jsonb_build_object('subscription', p.id), p.id::text
      from push_subscriptions p where p.callback_id = new.id;
  end if;
  perform announce(f.site_id, t.webhook_type, coalesce(latest.id, f.call_id), null,
                   jsonb_build_object('callback', f.id, 'state', new.state,
                                      'attempt', new.attempts + (new.state in ('due', 'reached'))::int), new.changed_at)
     from follow_ups f
     join (values ('due', 'callback.due'), ('reached', 'callback.reached'), ('no-answer', 'callback.failed'),
                  ('expired', 'callback.failed'), ('cancelled', 'callback.failed')) t (state, webhook_type)
       on t.state = new.state
    where f.id = new.id and (new.state <> 'due' or old.state = 'waiting');
  return null;
end
$$;
create trigger callbacks_told after update of state on callbacks for each row
  when (old.state is distinct from new.state) execute function tell_of_callback();
