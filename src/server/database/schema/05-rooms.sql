-- Rooms, and the people in them.

create table rooms (
  -- Random, 1 to 2,147,483,647: TRTC takes no more.
  number                int primary key check (number between 1 and 2147483647),
  site_id               text not null references sites on delete cascade,
  kind                  text not null check (kind in ('call', 'consult', 'meeting', 'live')),
  -- Null for a meeting or a live room. A call that went back to the queue gets another room: calls.room counts. At TRTC
  -- an offered call has a room that calls.room does not name yet; its offer holds it.
  call_id               uuid references calls on delete cascade,
  provider              text not null default 'mesh' check (provider in ('mesh', 'trtc')),
  -- Whether TRTC's callbacks, besides the agent's own word, have to say that the agent is inside.
  confirmed_by_callback boolean not null default false,
  -- Since when a room that was made for TRTC runs on the built-in media.
  fell_back_at          timestamptz,
  name                  text,
  -- The sequence of the last chat message. Its row is the lock under which sequences are given out.
  chat_sequence         int not null default 0,
  created_at            timestamptz not null default now(),
  closed_at             timestamptz,
  -- When retention deleted the messages.
  chat_deleted_at       timestamptz,
  check ((kind in ('call', 'consult')) = (call_id is not null))
);
create index rooms_of_call on rooms (call_id) where call_id is not null;
create index rooms_of_site on rooms (site_id, created_at) where call_id is null and closed_at is null;

create index rooms_with_chat on rooms (site_id, closed_at) where closed_at is not null and chat_deleted_at is null;

alter table calls add foreign key (room) references rooms on delete set null;
create index calls_of_room on calls (room) where room is not null;

-- One person in one room, from the ticket to leaving. It points to the party it belongs to.
create table participants (
  -- Also the user id at TRTC and IM (at most 32 of these characters).
  id               text primary key check (id ~ '^[A-Za-z0-9_-]+$' and length(id) <= 32),
  room             int not null references rooms on delete cascade,
  role             text not null check (role in ('visitor', 'agent', 'guest')),
  -- An agent's leg; a visitor's call; a guest's own id from the room token.
  leg_id           uuid references legs on delete cascade,
  call_id          uuid references calls on delete cascade,
  subject          text,
  name             text not null,
  verified         boolean not null default false,
  -- What the participant may do. With neither, they only listen. Tickets and PrivateMapKeys follow from these.
  may_speak        boolean not null default true,
  may_show         boolean not null default true,
  -- Nobody is shown a hidden participant.
  hidden           boolean not null default false,
  issued_at        timestamptz not null default now(),
  entered_at       timestamptz,
  left_at          timestamptz,
  -- The socket that is in the room with it (a foreign key in 06-connections.sql).
  connection_id    uuid,
  -- Since when a guest who has entered has no socket. A visitor's and an agent's are in calls and agents.
  gone_at          timestamptz,
  -- What TRTC's callbacks last said, and when by TRTC's clock (EventMsTs; ms since 1970).
  -- `vanished`: left without having said so.
  reported         text check (reported in ('inside', 'left', 'vanished')),
  reported_at_ms   bigint,
  -- The last chat message that was seen.
  read_sequence    int not null default 0,
  check ((role = 'agent') = (leg_id is not null)),
  check ((role = 'visitor') = (call_id is not null)),
  check ((role = 'guest') = (subject is not null))
);
create index participants_of_room on participants (room);
create index participants_of_leg on participants (leg_id) where leg_id is not null;
create index participants_of_call on participants (call_id) where call_id is not null;
