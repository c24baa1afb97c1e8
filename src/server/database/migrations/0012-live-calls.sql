-- Calls of one address that live at once on a site, counted up to `most`. Exact for whoever holds the site's lock
-- (free_places takes it): not SQL, so that it sees what was committed while the lock was waited for.
create function live_calls(site text, who bigint, most int) returns int language plpgsql volatile as $$
begin
  return (select count(*) from (
    select from calls c
     where c.state = any ('{queued,offered,accepted,ready,connected}') and c.state <> 'ended'
       and c.site_id = site and c.caller = who limit most) q);
end
$$;
