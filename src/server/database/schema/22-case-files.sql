-- Case files are made when somebody asks for one, and are not stored. A webhook tells when one would be complete.

-- Each call is announced once.
create table announced_case_files (
  call_id uuid primary key references calls on delete cascade
);

-- Announces the case file of a call once visitor and agent have met, the call has ended, everybody's wrap-up is finished,
-- and nothing more comes of its recording.
create function announce_case_file(call uuid) returns void language plpgsql as $$
declare
  c calls;
begin
  if not exists (
    select from webhook_endpoints e
     where e.site_id = (select site_id from calls where id = call) and e.disabled_at is null
       and (e.types is null or 'case_file.ready' = any (e.types))) then
    return;
  end if;
  -- The lock: if two transactions bring about the last two conditions, the later one sees both.
  select * into c from calls where id = call for no key update;
  if c.ended_at is null or c.connected_at is null
     or exists (select from legs l where l.call_id = call and l.state in ('offered', 'accepted', 'joined', 'left'))
     or exists (select from recordings r where r.call_id = call and r.file_state in ('open', 'joining')) then
    return;
  end if;
  insert into announced_case_files (call_id) values (call) on conflict (call_id) do nothing;
  if not found then return; end if;
  perform announce(c.site_id, 'case_file.ready', call, null,
                   jsonb_build_object('caseFile', '/api/v1/calls/' || call || '/case-file',
                                      'recorded', exists (select from recordings r
                                                           where r.call_id = call and r.file_state = 'ready')),
                   clock_timestamp());
end
$$;

create function announce_case_file_of_call() returns trigger language plpgsql as $$
begin
  perform announce_case_file(new.id);
  return null;
end
$$;
create trigger calls_announce_case_file after update of ended_at on calls for each row
  when (old.ended_at is null and new.ended_at is not null and new.connected_at is not null)
  execute function announce_case_file_of_call();

create function announce_case_file_of_part() returns trigger language plpgsql as $$
begin
  perform announce_case_file(new.call_id);
  return null;
end
$$;
create trigger legs_announce_case_file after update of state on legs for each row
  when (old.state <> 'closed' and new.state = 'closed') execute function announce_case_file_of_part();
create trigger recordings_announce_case_file after update of file_state on recordings for each row
  when (old.file_state in ('open', 'joining') and new.file_state not in ('open', 'joining'))
  execute function announce_case_file_of_part();
