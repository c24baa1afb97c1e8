-- Captions, and the transcript of a call that they make where the site keeps them.

-- CaptionSettings (protocol/captions.ts).
alter table sites add column captions jsonb not null default '{"mode": "off", "languages": []}';

create table transcript_lines (
  call_id        uuid not null references calls on delete cascade,
  -- The browser that hears it makes it; the same id again is the same line.
  id             uuid not null,
  -- Who spoke.
  participant_id text not null references participants on delete cascade,
  -- When it began to be spoken.
  spoken_at      timestamptz not null,
  -- As a BCP 47 tag.
  language       text not null,
  text           text not null,
  -- A list of CaptionTranslation (protocol/captions.ts).
  translations   jsonb not null default '[]',
  primary key (call_id, id)
);
create index transcript_lines_of_participant on transcript_lines (participant_id);

-- Lines as people see them: the columns of a CaptionLine, with the call.
create view caption_lines as
select t.call_id, t.id, t.participant_id as "from", p.name, p.role,
       floor(extract(epoch from t.spoken_at) * 1000)::float8 as at, t.language, t.text, t.translations
  from transcript_lines t
  join participants p on p.id = t.participant_id;

alter table erasures add column captions int not null default 0;
