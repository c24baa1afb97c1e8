-- What agents draw on somebody's picture in a room.

create table drawings (
  room           int primary key references rooms on delete cascade,
  -- Whose picture it is. Null: nobody draws.
  participant_id text references participants on delete cascade,
  source         text check (source in ('camera', 'screen')),
  -- The frozen picture; null: the live video.
  still          uuid references images on delete set null,
  -- An array of Mark (protocol/drawing.ts).
  marks          jsonb not null default '[]',
  -- Grows with each change.
  revision       int not null default 0,
  check ((participant_id is null) = (source is null))
);
create index drawings_of_participant on drawings (participant_id) where participant_id is not null;
create index drawings_of_still on drawings (still) where still is not null;
