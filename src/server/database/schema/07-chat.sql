-- The conversation of a room.

create table images (
  id         uuid primary key default gen_random_uuid(),
  room       int not null references rooms on delete cascade,
  -- The room's site. When a room is deleted its pictures are counted off here, and then the room is gone already.
  site_id    text not null references sites on delete cascade,
  type       text not null,
  width      int not null,
  height     int not null,
  bytes      bytea not null,
  created_at timestamptz not null default now()
);
create index images_of_room on images (room);
create index images_of_site on images (site_id, created_at);

-- The bytes of a site's pictures, so that the quota needs no sum over all of them. The triggers below keep it right.
create table picture_storage (
  site_id text primary key references sites on delete cascade,
  bytes   bigint not null default 0 check (bytes >= 0)
);

create function count_new_pictures() returns trigger language plpgsql as $$
begin
  insert into picture_storage as p (site_id, bytes)
  select site_id, sum(length(bytes)) from changed group by site_id
  on conflict (site_id) do update set bytes = p.bytes + excluded.bytes;
  return null;
end
$$;
create trigger images_count_new after insert on images referencing new table as changed
  for each statement execute function count_new_pictures();

-- If a site is deleted, its row here may be gone first. Then there is nothing to count off.
create function count_deleted_pictures() returns trigger language plpgsql as $$
begin
  update picture_storage p set bytes = p.bytes - d.bytes
    from (select site_id, sum(length(bytes)) as bytes from changed group by site_id) d
   where p.site_id = d.site_id;
  return null;
end
$$;
create trigger images_count_deleted after delete on images referencing old table as changed
  for each statement execute function count_deleted_pictures();

create table messages (
  room           int not null references rooms on delete cascade,
  -- 1, 2, 3 … without a gap.
  sequence       int not null check (sequence > 0),
  -- The sender makes it; the same id again is the same message.
  id             uuid not null,
  participant_id text not null references participants on delete cascade,
  sent_at        timestamptz not null default clock_timestamp(),
  text           text,
  image_id       uuid references images on delete cascade,
  primary key (room, sequence),
  unique (room, id),
  check ((text is null) <> (image_id is null))
);
create index messages_of_participant on messages (participant_id);
create index messages_of_image on messages (image_id) where image_id is not null;

-- Messages as people see them: the columns of a ChatMessage (protocol/chat.ts), with the room.
create view chat_messages as
select m.room, m.sequence, m.id, m.participant_id as "from", p.name, p.role,
       floor(extract(epoch from m.sent_at) * 1000)::float8 as "sentAt", m.text,
       case when i.id is not null
            then json_build_object('id', i.id, 'width', i.width, 'height', i.height) end as image
  from messages m
  join participants p on p.id = m.participant_id
  left join images i on i.id = m.image_id;
