-- What visitors agreed to before their camera and microphone were asked for.

-- Each text that somebody has agreed to or refused, as it was at that time. It holds nothing of a visitor, and stays.
create table consent_texts (
  site_id text not null references sites on delete cascade,
  -- consent_version(content)
  version text not null,
  -- ConsentSettings (protocol/rest/site-settings.ts).
  content jsonb not null,
  primary key (site_id, version)
);

create table call_consents (
  call_id    uuid primary key references calls on delete cascade,
  site_id    text not null,
  version    text not null,
  agreed     boolean not null,
  -- When the visitor agreed or refused. It is before the call where the visitor agreed in an earlier one.
  decided_at timestamptz not null default now(),
  -- The visitor agreed in an earlier call, and was not asked again.
  remembered boolean not null default false,
  foreign key (site_id, version) references consent_texts on delete no action
);
create index call_consents_of_text on call_consents (site_id, version);

-- Keeps the site's text of the row. It is only called for a decision about the current text.
create function keep_consent_text() returns trigger language plpgsql as $$
begin
  insert into consent_texts (site_id, version, content)
  select s.id, new.version, s.consent from sites s where s.id = new.site_id and consent_version(s.consent) = new.version
  on conflict do nothing;
  return new;
end
$$;
create trigger call_consents_keep_text before insert on call_consents
  for each row execute function keep_consent_text();

-- When a visitor with a signed identity agreed to this text in an earlier call; null: never.
create function agreed_before(site text, external text, text_version text) returns timestamptz language sql stable as $$
  select min(k.decided_at)
    from visitors v join calls c on c.visitor_id = v.id join call_consents k on k.call_id = c.id
   where v.site_id = site and v.external_id = external and k.agreed and k.version = text_version
$$;
