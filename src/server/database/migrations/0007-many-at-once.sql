-- How many calls still fit into a site's queue of at most `most`. Exact also for requests of one moment:
-- who asks holds the site's lock until the request is committed, and one statement makes all the calls that
-- came together (gathering.ts), so that the lock is held once for all of them. A call that comes back into
-- the queue takes no place anew, and is never refused. Not SQL: the count has to see what was committed
-- while the lock was waited for.
drop function has_place;
create function free_places(site text, most int) returns int language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(hashtext('queue'), hashtext(site));
  return most - (select count(*) from (
    select from calls c where c.site_id = site and c.state = 'queued' limit most) q);
end
$$;
