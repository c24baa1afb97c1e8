-- Recordings by TRTC's cloud: its tasks, and the files that they leave with the owner's storage or at VOD.

-- Who records: the agent's browser, or TRTC's cloud. It is decided each time that the recording begins or goes on.
alter table recordings add column recorder text not null default 'browser' check (recorder in ('browser', 'cloud'));

-- One task at TRTC, from its start to its stop. A pause ends it, and the next one goes on. The row outlives its recording
-- until its files are deleted.
create table cloud_recordings (
  id           uuid primary key default gen_random_uuid(),
  -- Null: the recording is deleted, and the files go with it.
  recording_id uuid references recordings on delete set null,
  room         int not null,
  -- The user id with which TRTC's recorder enters the room: 29 of its 32 characters.
  robot        text not null unique generated always as ('recorder_' || left(replace(id::text, '-', ''), 20)) stored,
  -- Whether TRTC should record now.
  wanted       boolean not null default true,
  -- `new`: TRTC has not answered. `running`. `exited`: it has ended, and its files are awaited. `stored`: TRTC says that
  -- they are in the storage. `finished`: they were seen there. `failed`: there are none.
  state        text not null default 'new' check (state in ('new', 'running', 'exited', 'stored', 'finished', 'failed')),
  -- TRTC's id of the task.
  task         text unique,
  -- Where TRTC was told to store the files: {"kind": "cos", "bucket": …, "region": …, "prefix": […]}.
  storage      jsonb,
  failure      text,
  created_at   timestamptz not null default clock_timestamp(),
  exited_at    timestamptz,
  -- By TRTC's clock, in ms since 1970: when the task ended, and when TRTC told of files for the last time.
  exited_ms    bigint,
  told_ms      bigint,
  -- When it is looked at next, and how often it was in vain.
  due_at       timestamptz not null default clock_timestamp() + interval '1 minute',
  attempts     int not null default 0,
  -- The erasure whose certificate waits for the files.
  erasure_id   uuid references erasures on delete set null
);
create index cloud_recordings_of_recording on cloud_recordings (recording_id) where recording_id is not null;
create unique index cloud_recordings_wanted on cloud_recordings (recording_id) where wanted;
create index cloud_recordings_of_erasure on cloud_recordings (erasure_id) where erasure_id is not null;
create index cloud_recordings_due on cloud_recordings (due_at)
  where recording_id is null or state not in ('finished', 'failed');

create table cloud_recording_files (
  cloud_recording_id uuid not null references cloud_recordings on delete cascade,
  -- The key of an object, or the id of a file at VOD.
  name               text not null,
  -- At VOD: where it can be seen.
  url                text,
  -- Null: the storage has not been asked, or is VOD.
  bytes              bigint,
  etag               text,
  started_at         timestamptz not null,
  duration_ms        int not null,
  primary key (cloud_recording_id, name)
);

-- The files of a recording that lie in the cloud, in their order. Their numbers come after those of the server's files.
create function cloud_files_of(recording uuid)
returns table (part int, name text, url text, storage jsonb, bytes float8, etag text, started_at timestamptz, duration_ms int)
language sql stable as $$
  select ((select coalesce(max(p.part), 0) from recording_files p where p.recording_id = recording)
          + row_number() over (order by f.started_at, f.name))::int,
         f.name, f.url, c.storage, f.bytes::float8, f.etag, f.started_at, f.duration_ms
    from cloud_recordings c join cloud_recording_files f on f.cloud_recording_id = c.id
   where c.recording_id = recording and c.state in ('finished', 'failed')
$$;

-- An order to make TRTC do what the row says. One row has one order at a time.
create function order_cloud_recording(cloud_recording uuid) returns void language sql as $$
  insert into outbox (service, kind, payload, in_order)
  values ('cloud-recording', 'sync-recording', jsonb_build_object('recording', cloud_recording),
          'cloud-recording:' || cloud_recording)
$$;

-- The cloud records rooms of TRTC's only: one that fell back to the built-in media is recorded in the browser.
create function choose_recorder() returns trigger language plpgsql as $$
begin
  if new.state = 'recording' then
    new.recorder := case when new.rule ->> 'by' = 'cloud' and exists (
      select from calls c join rooms r on r.number = c.room where c.id = new.call_id and r.provider = 'trtc')
    then 'cloud' else 'browser' end;
  end if;
  return new;
end
$$;
create trigger recordings_choose_recorder before insert or update of state on recordings for each row
  execute function choose_recorder();

-- Begins or ends the task of a recording, in the transaction that begins, pauses or ends it. `nothing-heard`: TRTC has
-- not answered yet, and goes on being asked.
create function steer_cloud_recording() returns trigger language plpgsql as $$
declare
  task_row uuid;
begin
  if new.recorder = 'cloud' and new.state = 'failed' and new.failure = 'nothing-heard' then return null; end if;
  if new.recorder = 'cloud' and new.state = 'recording' then
    if exists (select from cloud_recordings where recording_id = new.id and wanted) then return null; end if;
    insert into cloud_recordings (recording_id, room)
    select new.id, c.room from calls c where c.id = new.call_id returning id into task_row;
    perform order_cloud_recording(task_row);
    return null;
  end if;
  for task_row in
    update cloud_recordings set wanted = false, due_at = clock_timestamp() + interval '1 minute'
     where recording_id = new.id and wanted returning id
  loop
    perform order_cloud_recording(task_row);
  end loop;
  return null;
end
$$;
create trigger recordings_steer_cloud_insert after insert on recordings for each row
  execute function steer_cloud_recording();
create trigger recordings_steer_cloud after update of state, recorder on recordings for each row
  execute function steer_cloud_recording();

-- The agent's browser goes on where TRTC's media did not work.
create function record_in_browser() returns trigger language plpgsql as $$
begin
  update recordings r set state = 'recording', heard_at = clock_timestamp()
    from calls c
   where c.id = r.call_id and c.room = new.number and r.recorder = 'cloud'
     and (r.state = 'recording' or (r.state = 'failed' and r.failure = 'nothing-heard'));
  return null;
end
$$;
create trigger rooms_record_in_browser after update of provider on rooms for each row
  when (old.provider = 'trtc' and new.provider <> 'trtc') execute function record_in_browser();

-- The files of a deleted recording are deleted in the cloud, too. An erasure says which one it is, as for the server's
-- own files.
create function delete_cloud_files() returns trigger language plpgsql as $$
begin
  update cloud_recordings
     set recording_id = null, wanted = false, due_at = clock_timestamp(), attempts = 0,
         erasure_id = nullif(current_setting('rtc_desk.erasure', true), '')::uuid
   where recording_id = old.id;
  return old;
end
$$;
create trigger recordings_delete_cloud_files before delete on recordings for each row
  execute function delete_cloud_files();
