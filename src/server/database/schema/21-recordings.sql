-- Recordings: the agent's browser sends what it records in slices, and the server makes a file of them.

-- RecordingSettings (protocol/recording.ts).
alter table sites add column recording jsonb not null default
  '{"mode": "off", "askFirst": false, "onRefusal": "continue", "onFailure": "continue", "text": {}}';
-- Days from the end of the call. A recording is never kept longer than its call.
alter table sites add column recording_days int not null default 180 check (recording_days between 1 and 3650);
-- Null: as the site records.
alter table skill_groups add column recording jsonb;

-- Calls of which nothing is deleted: neither by retention nor by an erasure.
create table legal_holds (
  call_id uuid primary key references calls on delete cascade,
  reason  text not null,
  -- Who holds it, for example `owner olivia`.
  held_by text not null,
  held_at timestamptz not null default now()
);

-- A call has at most one.
create table recordings (
  id          uuid primary key default gen_random_uuid(),
  site_id     text not null references sites on delete cascade,
  call_id     uuid not null unique references calls on delete cascade,
  -- RecordingState (protocol/recording.ts).
  state       text not null check (state in ('asked', 'recording', 'paused', 'refused', 'stopped', 'failed')),
  state_since timestamptz not null default clock_timestamp(),
  -- The settings as they were when it began.
  rule        jsonb not null,
  -- When it was recorded first, and when for the last time. Null: never; it goes on.
  started_at  timestamptz,
  stopped_at  timestamptz,
  -- When the browser was heard of last while it should record: a slice, or the order to begin.
  heard_at    timestamptz,
  -- Why it failed: a code.
  failure     text,
  -- The key of its files, encrypted with a key derived from the server's. Null: nothing was written.
  wrapped_key bytea,
  -- `open`: parts may come. `joining`: a node makes the files. `empty`: nothing came.
  file_state  text not null default 'open' check (file_state in ('open', 'joining', 'ready', 'failed', 'empty')),
  -- The node that makes the files. One that dies gives it up.
  joined_by   uuid references nodes on delete set null,
  attempts    int not null default 0,
  due_at      timestamptz not null default now(),
  -- RecordingManifest (protocol/rest/recordings.ts), and its signature as a JWS.
  manifest    jsonb,
  signature   text,
  ready_at    timestamptz,
  check ((file_state = 'ready') = (manifest is not null and signature is not null and ready_at is not null))
);
create index recordings_of_site on recordings (site_id, started_at desc, id desc);
create index recordings_open on recordings (call_id) where file_state in ('open', 'joining');
create index recordings_of_node on recordings (joined_by) where joined_by is not null;

-- What one MediaRecorder wrote, from its start to its stop.
create table recording_segments (
  recording_id uuid not null references recordings on delete cascade,
  -- The browser chooses it.
  id           uuid not null,
  ordinal      int not null check (ordinal > 0),
  agent_id     uuid not null references agents on delete no action deferrable,
  mime         text not null,
  started_at   timestamptz not null,
  -- What is on the disk: bytes of the segment, and slices.
  bytes        bigint not null default 0,
  slices       int not null default 0,
  -- The SHA-256 of the chain so far and the last slice; null: no slice.
  chain        bytea,
  last_bytes   int not null default 0,
  heard_at     timestamptz not null default clock_timestamp(),
  completed_at timestamptz,
  duration_ms  int,
  primary key (recording_id, id),
  unique (recording_id, ordinal),
  check ((slices = 0) = (chain is null))
);
create index recording_segments_of_agent on recording_segments (agent_id);

-- What can be played. Parts whose codecs differ make files of their own.
create table recording_files (
  recording_id uuid not null references recordings on delete cascade,
  part         int not null check (part > 0),
  -- Of the file, in the folder of the recording.
  name         text not null,
  mime         text not null,
  bytes        bigint not null,
  sha256       bytea not null,
  duration_ms  int not null,
  primary key (recording_id, part)
);

-- Files to delete. The recording's row may be gone by then, and its site too.
create table recording_deletions (
  recording_id uuid not null,
  -- `folder`: all of it. `segments`: all but the files that can be played and are only there.
  what         text not null check (what in ('folder', 'segments')),
  -- The erasure whose certificate waits for it.
  erasure_id   uuid references erasures on delete set null,
  due_at       timestamptz not null default now(),
  primary key (recording_id, what)
);
create index recording_deletions_due on recording_deletions (due_at);
create index recording_deletions_of_erasure on recording_deletions (erasure_id) where erasure_id is not null;

alter table erasures add column recordings int not null default 0;

-- An erasure says which one it is: set_config('rtc_desk.erasure', id, true).
create function delete_recording_files() returns trigger language plpgsql as $$
begin
  insert into recording_deletions (recording_id, what, erasure_id)
  values (old.id, 'folder', nullif(current_setting('rtc_desk.erasure', true), '')::uuid)
  on conflict (recording_id, what) do nothing;
  return null;
end
$$;
create trigger recordings_delete_files after delete on recordings for each row
  when (old.wrapped_key is not null) execute function delete_recording_files();

-- When the call is recorded, as the queue step of its flow says. Null: as its group records, or else its site.
alter table calls add column recording_mode text check (recording_mode in ('off', 'on-demand', 'always'));

-- The settings that count for a call of this group.
create function recording_rule(site text, skill_group text, flow_mode text) returns jsonb language sql stable as $$
  select coalesce((select g.recording from skill_groups g where g.site_id = s.id and g.id = skill_group), s.recording)
         || case when flow_mode is null then '{}' else jsonb_build_object('mode', flow_mode) end
    from sites s where s.id = site
$$;

-- Adds an event to a call's log.
create function log_call_event(call uuid, event_type text, by_actor text, by_agent uuid, event_data jsonb) returns void
language sql as $$
  with counted as (
    update calls set event_count = event_count + 1 where id = call returning event_count)
  insert into call_events (call_id, sequence, type, actor, agent_id, data)
  select call, event_count, event_type, by_actor, by_agent, event_data from counted
$$;

-- A group that always records begins as the call gets connected, in the same transaction; or it asks then.
create function begin_recording() returns trigger language plpgsql as $$
declare
  rule jsonb := recording_rule(new.site_id, new.group_id, new.recording_mode);
  asks boolean := (rule ->> 'askFirst')::boolean;
begin
  if rule ->> 'mode' <> 'always' then return null; end if;
  insert into recordings (site_id, call_id, state, rule, started_at, heard_at)
  values (new.site_id, new.id, case when asks then 'asked' else 'recording' end, rule,
          case when not asks then clock_timestamp() end, case when not asks then clock_timestamp() end)
  on conflict (call_id) do nothing;
  perform log_call_event(new.id, case when asks then 'recording-asked' else 'recording-started' end, 'system', null, '{}');
  return null;
end
$$;
create trigger calls_begin_recording after update of state on calls for each row
  when (old.state <> 'connected' and new.state = 'connected') execute function begin_recording();

-- Nothing is recorded after the end. What was recorded before may still come.
create function stop_recording() returns trigger language plpgsql as $$
begin
  update recordings
     set state = 'stopped', state_since = clock_timestamp(),
         stopped_at = case when started_at is not null then coalesce(stopped_at, clock_timestamp()) end,
         file_state = case when started_at is null then 'empty' else file_state end
   where call_id = new.id and state <> 'stopped' and state <> 'refused';
  update recordings set file_state = 'empty' where call_id = new.id and started_at is null;
  return null;
end
$$;
create trigger calls_stop_recording after update of ended_at on calls for each row
  when (old.ended_at is null and new.ended_at is not null) execute function stop_recording();
