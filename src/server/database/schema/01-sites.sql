-- Tenants and their skill groups.

create table sites (
  id                text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name              text not null,
  -- The zone by which "today" is reckoned, and hours that name no zone of their own.
  time_zone         text not null default 'UTC',
  -- Page origins that may call, e.g. https://shop.example.com, and CRM origins that may frame the desk.
  origins           text[] not null default '{}',
  crm_origins       text[] not null default '{}',
  -- The JWT secret is derived from the server's key, the site's id and this number. It is stored nowhere.
  secret_version    int not null default 1,
  -- Until when tokens signed with the secret of the version before are accepted. Null: not at all.
  previous_secret_until timestamptz,
  -- Calls that may wait at a time.
  queue_limit       int not null default 500 check (queue_limit > 0),
  -- Live calls from one address. Null: a tenth of the queue, so that one address cannot fill it. A site with many
  -- visitors behind one address, such as a campus, raises it.
  calls_per_address int check (calls_per_address > 0),
  -- What a visitor without a signed identity has to show: nothing; never enough (`identity`); an answered challenge.
  visitor_check     text not null default 'none' check (visitor_check in ('none', 'identity', 'challenge')),
  -- {"provider": "turnstile", "siteKey": "0x4A…", "secretKey": "0x4A…"}
  challenge         jsonb,
  -- Sockets of visitors and guests on one node: three quarters of what a node holds by default.
  socket_limit      int not null default 12000 check (socket_limit > 0),
  -- Nobody of the group is online: keep the place in the queue, or refuse with no-agent-online.
  no_agent          text not null default 'queue' check (no_agent in ('queue', 'refuse')),
  media             text not null default 'default' check (media in ('default', 'mesh', 'trtc')),
  -- Whether a call goes on with the built-in media where TRTC's cannot be had.
  media_fallback    boolean not null default true,
  -- Calls of one address in one day of the site's time zone.
  calls_per_address_per_day int not null default 1000 check (calls_per_address_per_day > 0),
  pictures_per_room int not null default 300 check (pictures_per_room > 0),
  -- Bytes of all pictures of the site. The default is 10 GB.
  picture_bytes     bigint not null default 10000000000 check (picture_bytes > 0),
  -- Days for which data are kept. Those of a call count from its end, those of a conversation from the close of its
  -- room. Pictures are never kept longer than their conversation, and a conversation never longer than its call.
  chat_days         int not null default 365 check (chat_days between 1 and 3650),
  picture_days      int not null default 90 check (picture_days between 1 and 3650),
  call_days         int not null default 730 check (call_days between 1 and 3650),
  audit_days        int not null default 1095 check (audit_days between 1 and 3650),
  created_at        timestamptz not null default now(),
  check (visitor_check <> 'challenge' or challenge is not null)
);

create table skill_groups (
  site_id         text not null references sites on delete cascade,
  id              text not null check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name            text not null,
  -- The lowest is the site's default group.
  position        int not null default 0,
  offer_seconds   int not null default 20 check (offer_seconds between 5 and 120),
  wrap_up_seconds int not null default 30 check (wrap_up_seconds between 0 and 3600),
  -- RoutingRules (server/matching/rules.ts).
  rules           jsonb not null default '{}',
  -- Null: always open. Else {"timeZone": "Asia/Shanghai", "open": [{"days": [1,2,3,4,5], "from": "09:00", "to": "18:00"}]}
  hours           jsonb,
  primary key (site_id, id)
);

-- Whether a group is open. Days are 1 (Monday) to 7. A span that ends before it begins lasts past midnight.
create function is_open(hours jsonb, time_zone text, at_time timestamptz) returns boolean language sql stable as $$
  select hours is null or exists (
    select 1
      from (select at_time at time zone coalesce(hours ->> 'timeZone', time_zone) as local) l,
           jsonb_to_recordset(hours -> 'open') as span (days int[], "from" time, "to" time)
     where case
       when span."from" < span."to" then
         l.local::time >= span."from" and l.local::time < span."to"
         and extract(isodow from l.local)::int = any (span.days)
       else
         (l.local::time >= span."from" and extract(isodow from l.local)::int = any (span.days))
         or (l.local::time < span."to"
             and extract(isodow from l.local - interval '1 day')::int = any (span.days))
       end)
$$;
