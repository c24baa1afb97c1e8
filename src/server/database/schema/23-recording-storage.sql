-- Recordings in an object store (RECORDINGS=s3://…): files are moved there once they can be played.

alter table recording_files
  -- s3://bucket/key: where it is, or is being moved to. Null: no move has begun.
  add column address text,
  -- Of the upload in parts, until the move is over.
  add column upload_id text,
  -- When the object was read back and had the right hash. Null: the file is in the folder.
  add column moved_at timestamptz,
  -- The node that moves it. One that dies gives it up.
  add column moved_by uuid references nodes on delete set null,
  -- Since the last part that was stored.
  add column move_attempts int not null default 0,
  add column move_due_at timestamptz not null default now(),
  -- Before each request that writes.
  add column move_step_at timestamptz,
  -- Why the last attempt failed: a code.
  add column move_failure text,
  add check (moved_at is null or address is not null),
  add check (upload_id is null or (address is not null and move_step_at is not null));
create index recording_files_to_move on recording_files (move_due_at) where moved_at is null;
create index recording_files_of_mover on recording_files (moved_by) where moved_by is not null;
create index recording_files_address on recording_files (address) where address is not null;

-- Objects to delete, and uploads to abort. The recording's row may be gone by then.
create table recording_object_deletions (
  id         uuid primary key default gen_random_uuid(),
  address    text not null,
  -- An upload that may not be over.
  upload_id  text,
  -- The erasure whose certificate waits for it.
  erasure_id uuid references erasures on delete set null,
  attempts   int not null default 0,
  -- Why the last attempt failed: a code.
  failure    text,
  due_at     timestamptz not null default now()
);
create index recording_object_deletions_due on recording_object_deletions (due_at);
create index recording_object_deletions_of_erasure on recording_object_deletions (erasure_id)
  where erasure_id is not null;

-- A request of a node that moves the file may still be under way: no request takes five minutes.
create function delete_recording_object() returns trigger language plpgsql as $$
begin
  insert into recording_object_deletions (address, upload_id, erasure_id, due_at)
  values (old.address, old.upload_id, nullif(current_setting('rtc_desk.erasure', true), '')::uuid,
          case when old.moved_at is null then old.move_step_at + interval '5 minutes' else now() end);
  return null;
end
$$;
create trigger recording_files_delete_object after delete on recording_files for each row
  when (old.moved_at is not null or old.upload_id is not null) execute function delete_recording_object();
