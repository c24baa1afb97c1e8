-- What is deleted. The figures of deleted calls stay in report_hours (14-reports.sql).

-- One row for each order to erase a visitor or a call. It is a job until it is finished, and the record of what was
-- deleted from then on.
create table erasures (
  id           uuid primary key default gen_random_uuid(),
  site_id      text not null references sites on delete cascade,
  kind         text not null check (kind in ('visitor', 'call')),
  -- The site's own id of the visitor, or the call's id. It is wiped at the end.
  subject      text,
  -- sha256 of the subject. Somebody who knows the id can recognize the record.
  subject_hash text not null,
  -- Who ordered it, for example `owner olivia`.
  requested_by text not null,
  requested_at timestamptz not null default now(),
  -- When the job goes on: a call that is live is erased after its end.
  due_at       timestamptz not null default now(),
  -- What was deleted so far.
  calls        int not null default 0,
  legs         int not null default 0,
  events       int not null default 0,
  rooms        int not null default 0,
  participants int not null default 0,
  messages     int not null default 0,
  pictures     int not null default 0,
  ratings      int not null default 0,
  consents     int not null default 0,
  -- A chain over the ids of the deleted calls in the order of their requests: sha256(digest so far || id), in hex.
  digest       text not null default '',
  finished_at  timestamptz,
  check ((finished_at is null) = (subject is not null))
);
-- The same order twice is one job.
create unique index erasures_open on erasures (site_id, kind, subject) where finished_at is null;
create index erasures_due on erasures (due_at) where finished_at is null;
create index erasures_of_site on erasures (site_id, requested_at);
create index erasures_of_subject on erasures (subject_hash);

-- Calls that an address has made on one day of the site's time zone. Rows of past days are deleted.
create table address_days (
  site_id      text not null references sites on delete cascade,
  day          date not null,
  -- The keyed hash of calls.address_hash.
  address_hash bigint not null,
  calls        int not null,
  primary key (site_id, day, address_hash)
);
create index address_days_by_day on address_days (day);

create function count_calls_of_addresses() returns trigger language plpgsql as $$
begin
  insert into address_days as d (site_id, day, address_hash, calls)
  select c.site_id, (c.requested_at at time zone s.time_zone)::date, c.address_hash, count(*)
    from made c join sites s on s.id = c.site_id
   where c.address_hash is not null
   group by 1, 2, 3
   order by 1, 2, 3
  on conflict (site_id, day, address_hash) do update set calls = d.calls + excluded.calls;
  return null;
end
$$;
create trigger calls_count_addresses after insert on calls referencing new table as made
  for each statement execute function count_calls_of_addresses();

-- The calls that an address has made today on a site. Exact for a caller of free_queue_places, who holds the lock.
create function calls_today_of_address(site text, address bigint) returns int language plpgsql volatile as $$
begin
  return coalesce((
    select d.calls from sites s join address_days d on d.site_id = s.id
     where s.id = site and d.address_hash = address and d.day = (now() at time zone s.time_zone)::date), 0);
end
$$;
