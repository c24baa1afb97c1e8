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
  -- Whether a call goes on with the built-in media if TRTC's cannot be had.
  media_fallback    boolean not null default true,
  -- Whether a device test measures the line in a room of TRTC, which TRTC bills.
  device_test_room  boolean not null default false,
  -- MediaProfile (protocol/video-profile.ts): how cameras are captured and sent; on phones, null: the same.
  media_profile     jsonb not null default '"standard"',
  phone_media_profile jsonb,
  -- Calls of one address in one day of the site's time zone.
  calls_per_address_per_day int not null default 1000 check (calls_per_address_per_day > 0),
  pictures_per_room int not null default 300 check (pictures_per_room > 0),
  -- Bytes of all pictures of the site. The default is 10 GB.
  picture_bytes     bigint not null default 10000000000 check (picture_bytes > 0),
  -- ButtonSettings (protocol/rest/site-settings.ts): from it the console makes the line to paste.
  button            jsonb not null default '{"theme": "auto", "placement": "bottom-end", "accent": null, "label": {}}',
  -- Days for which data are kept. Those of a call count from its end, those of a conversation from the close of its
  -- room. Pictures are never kept longer than their conversation, and a conversation never longer than its call.
  chat_days         int not null default 365 check (chat_days between 1 and 3650),
  picture_days      int not null default 90 check (picture_days between 1 and 3650),
  call_days         int not null default 730 check (call_days between 1 and 3650),
  audit_days        int not null default 1095 check (audit_days between 1 and 3650),
  -- Service level: calls answered within so many seconds, of those answered and those abandoned. Calls abandoned sooner
  -- than the second number do not count.
  service_level_seconds int not null default 20 check (service_level_seconds between 1 and 3600),
  short_abandon_seconds int not null default 5 check (short_abandon_seconds between 0 and 300),
  -- RatingSettings (protocol/rest/site-settings.ts): what the visitor is asked after a call.
  rating            jsonb not null default '{"kind": "none", "reasons": [], "text": false}',
  -- How many seconds a visitor who left a call has to come back to it. 0: leaving ends the call at once.
  rejoin_seconds    int not null default 60 check (rejoin_seconds between 0 and 300),
  -- ConsentSettings (protocol/rest/site-settings.ts): what a visitor agrees to before the devices are asked for. Null: the
  -- site asks nothing.
  consent           jsonb,
  -- ParamLabels (protocol/rest/site-settings.ts): what agents read instead of the names and values of params.
  param_labels      jsonb not null default '[]',
  check (visitor_check <> 'challenge' or challenge is not null)
);

-- The version of a consent: another text or link has another one. Null for null.
create function consent_version(consent jsonb) returns text language sql immutable as $$
  select encode(sha256(convert_to(consent::text, 'UTF8')), 'hex')
$$;

-- The `ParamWords` (protocol/call-view.ts) of a call's params; {} without any. `params` is json, in the order of the page.
create function param_words(labels jsonb, params json) returns json language sql immutable as $$
  select coalesce(json_object_agg(p.key, json_strip_nulls(json_build_object(
           'label', l -> 'label',
           'text', (select v -> 'text' from jsonb_array_elements(l -> 'values') v where v ->> 'value' = p.value
                    limit 1)))), '{}')
    from json_each_text(params) p join jsonb_array_elements(labels) l on l ->> 'name' = p.key
$$;

-- Named opening hours, to which groups and flows refer.
create table hours (
  site_id    text not null references sites on delete cascade,
  id         text not null check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name       text not null,
  -- {"timeZone": "Asia/Shanghai" or null, "open": [{"days": [1,2,3,4,5], "from": "09:00", "to": "18:00"}],
  --  "exceptions": [{"name": "National Day", "date": "2026-10-01", "until": "2026-10-07", "yearly": true,
  --                  "open": [{"from": "10:00", "to": "14:00"}]}]}
  schedule   jsonb not null,
  primary key (site_id, id)
);

create table skill_groups (
  site_id         text not null references sites on delete cascade,
  id              text not null check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name            text not null,
  -- The lowest is the site's default group.
  position        int not null default 0,
  offer_seconds   int not null default 20 check (offer_seconds between 5 and 120),
  wrap_up_seconds int not null default 30 check (wrap_up_seconds between 0 and 3600),
  -- Whether a wrap-up is finished only with a disposition. It takes a wrap-up to choose one.
  disposition_required boolean not null default false check (not disposition_required or wrap_up_seconds > 0),
  -- RoutingRules (server/matching/rules.ts).
  rules           jsonb not null default '{}',
  -- Grows with each change of the rules. The reason of an offer names it.
  rules_version   int not null default 1 check (rules_version > 0),
  -- Null: always open.
  hours           text,
  -- Of calls that bring none of their own. 9 is served first.
  priority        int not null default 5 check (priority between 1 and 9),
  primary key (site_id, id),
  -- Hours that a group uses are not deleted, except together with the site.
  foreign key (site_id, hours) references hours on delete no action
);
create index skill_groups_by_hours on skill_groups (site_id, hours) where hours is not null;

-- The spans of a day. An exception takes the place of the weekly table; one of a single year goes before a yearly one,
-- and an earlier one of the list before a later. A yearly one may last over the end of a year.
create function spans_of_day(schedule jsonb, day date) returns jsonb language sql immutable as $$
  select coalesce(
    (select e -> 'open'
       from jsonb_array_elements(schedule -> 'exceptions') with ordinality as x (e, place),
            lateral (select e ->> 'date' as first, coalesce(e ->> 'until', e ->> 'date') as last,
                            coalesce((e ->> 'yearly')::boolean, false) as yearly) d
      where case
        when not d.yearly then day between d.first::date and d.last::date
        when substr(d.first, 6) <= substr(d.last, 6) then
          to_char(day, 'MM-DD') between substr(d.first, 6) and substr(d.last, 6)
        else to_char(day, 'MM-DD') >= substr(d.first, 6) or to_char(day, 'MM-DD') <= substr(d.last, 6)
        end
      order by d.yearly, x.place limit 1),
    (select jsonb_agg(s) from jsonb_array_elements(schedule -> 'open') s
      where s -> 'days' @> to_jsonb(extract(isodow from day)::int)),
    '[]')
$$;

-- Whether a schedule (hours.schedule) is open; null always is. A span that does not end after it begins lasts past
-- midnight, and belongs to the day on which it begins.
create function is_open(schedule jsonb, time_zone text, at_time timestamptz) returns boolean language sql stable as $$
  select schedule is null or exists (
    select 1
      from (select at_time at time zone coalesce(schedule ->> 'timeZone', time_zone) as local) l,
           lateral (
             select "from", "to", "from" >= "to" as overnight, 0 as days_ago
               from jsonb_to_recordset(spans_of_day(schedule, l.local::date)) as today ("from" time, "to" time)
             union all
             select "from", "to", "from" >= "to", 1
               from jsonb_to_recordset(spans_of_day(schedule, l.local::date - 1)) as yesterday ("from" time, "to" time)
           ) span
     where case
       when span.days_ago = 1 then span.overnight and l.local::time < span."to"
       else l.local::time >= span."from" and (span.overnight or l.local::time < span."to")
       end)
$$;

-- When is_open changes next: the first edge of a span within 31 days at which it differs; null without one. An edge
-- that the clock skips at the beginning of summer time counts an hour later. The edges are sorted within (`offset 0`
-- keeps the condition outside), so that only those up to the one that counts are looked at.
create function next_change(schedule jsonb, time_zone text, at_time timestamptz) returns timestamptz language sql stable as $$
  select edge.at
    from (select distinct side.local at time zone zone.name as at
            from (select coalesce(schedule ->> 'timeZone', time_zone) as name) zone,
                 generate_series(-1, 31) as days,
                 lateral (select (at_time at time zone zone.name)::date + days as day) d,
                 jsonb_to_recordset(spans_of_day(schedule, d.day)) as span ("from" time, "to" time),
                 lateral (values
                   (d.day + span."from"),
                   (d.day + span."to" + case when span."from" >= span."to" then interval '1 day' else interval '0' end)
                 ) as side (local)
           order by at offset 0) edge
   where edge.at > at_time
     and is_open(schedule, time_zone, edge.at) <> (select is_open(schedule, time_zone, at_time))
   order by edge.at limit 1
$$;
