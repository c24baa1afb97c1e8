-- Caps that a site sets for itself; NULL is not among them, so that nothing is without one.
alter table sites
  -- Calls of one address that live at once. A fifth of the default queue: a campus or a mobile carrier
  -- behind one address still gets its help, and no single address fills the line.
  add column calls_per_address int not null default 100 check (calls_per_address > 0),
  -- Sockets that one node holds for this site: three quarters of what a node holds at all by default.
  add column socket_limit int not null default 12000 check (socket_limit > 0);

-- Where a call came from: a keyed hash of the address, which nobody without the server's key can turn
-- back; wiped along with the resume hash. NULL: nobody knows, and nothing is counted.
alter table calls add column caller bigint;

-- The same index as before, and good for counting an address's calls as well: a further one would be
-- written at every step of a call.
drop index calls_live;
create index calls_live on calls (state, site_id, caller) where state <> 'ended';

-- Whether one more call fits into a queue of at most `most`. Exact also for requests of one moment: who
-- asks holds the site's lock until the request is committed. As long as the queue has more room than the
-- database has connections, no number of requests under way can fill it, and all share the lock; only
-- then one goes at a time. NULL: too near for sharing, ask again `alone`. A call that comes back into the
-- queue takes no place anew, and is never refused. Not SQL: each statement in here has to see what
-- was committed while it waited for the lock.
create function has_place(site text, most int, alone boolean) returns boolean language plpgsql volatile as $$
declare
  at_once int := current_setting('max_connections')::int;
  waiting int;
begin
  alone := alone or most <= at_once;
  if alone then perform pg_advisory_xact_lock(hashtext('queue'), hashtext(site));
  else perform pg_advisory_xact_lock_shared(hashtext('queue'), hashtext(site));
  end if;
  select count(*) into waiting
    from (select from calls c where c.site_id = site and c.state = 'queued' limit most) q;
  return case when waiting >= most then false when alone or waiting + at_once <= most then true end;
end
$$;
