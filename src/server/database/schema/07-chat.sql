-- The conversation of a room.

create table images (
  id         uuid primary key default gen_random_uuid(),
  room       int not null references rooms on delete cascade,
  type       text not null,
  width      int not null,
  height     int not null,
  bytes      bytea not null,
  created_at timestamptz not null default now()
);
create index images_of_room on images (room);

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
