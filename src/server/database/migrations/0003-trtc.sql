-- Whether a call of this site whose TRTC media cannot be had may go on with the built-in ones.
alter table sites add column media_fallback boolean not null default true;

alter table rooms
  -- Since when a room that was made for TRTC runs on the built-in media.
  add column fell_back_at timestamptz,
  -- Whether TRTC's callbacks, besides the people's own word, have to say who is inside.
  add column witnessed boolean not null default false;

alter table participants
  -- What TRTC's callbacks last said of this join, and when by TRTC's clock (EventMsTs; ms since 1970).
  -- `vanished`: left without having said so.
  add column seen text check (seen in ('inside', 'left', 'vanished')),
  add column seen_at_ms bigint;

-- What TRTC's cloud is still to be told: to close a room, or to show one join out of it.
create table trtc_removals (
  id             bigint generated always as identity primary key,
  room           int not null,
  participant_id text,
  tries          int not null default 0,
  due_at         timestamptz not null default now(),
  created_at     timestamptz not null default now()
);
create index on trtc_removals (due_at);

-- A site's calls, newest first, page by page.
create index calls_of_site on calls (site_id, requested_at desc, id desc);
