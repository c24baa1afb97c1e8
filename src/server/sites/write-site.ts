import type { SiteConfiguration } from '../../protocol/rest/configuration.ts';
import { writeDispositions } from '../configuration/dispositions.ts';
import type { Queryable } from '../database/database.ts';
import { writeRetention } from '../retention/retention-periods.ts';
import { ProvisionError } from './provision-file.ts';

// A challenge without a secret key keeps the one that is stored.
const WRITE_SITE = `
insert into sites as s (id, name, time_zone, origins, crm_origins, queue_limit, no_agent, calls_per_address,
                        socket_limit, media, media_fallback, visitor_check, challenge,
                        calls_per_address_per_day, pictures_per_room, picture_bytes, button,
                        service_level_seconds, short_abandon_seconds, rating, rejoin_seconds, media_profile,
                        phone_media_profile, consent, param_labels, recording, captions, device_test_room)
values ($1, $2, coalesce($3, 'UTC'), $4, $5, coalesce($6, 500), coalesce($7, 'queue'), $8,
        coalesce($9, 12000), coalesce($10, 'default'), coalesce($11, true), coalesce($12, 'none'), $13,
        coalesce($14, 1000), coalesce($15, 300), coalesce($16::bigint * 1000000, 10000000000),
        coalesce($17::jsonb, '{"theme": "auto", "placement": "bottom-end", "accent": null, "label": {}}'),
        coalesce($18, 20), coalesce($19, 5), coalesce($20::jsonb, '{"kind": "none", "reasons": [], "text": false}'),
        coalesce($21, 60), coalesce($22::jsonb, '"standard"'), $23::jsonb, $24, coalesce($25::jsonb, '[]'),
         coalesce($26::jsonb, '{"mode": "off", "askFirst": false, "onRefusal": "continue", "onFailure": "continue", "text": {}}'),
        coalesce($27::jsonb, '{"mode": "off", "languages": []}'), coalesce($28, false))
on conflict (id) do update set
  name = excluded.name, time_zone = excluded.time_zone, origins = excluded.origins,
  crm_origins = excluded.crm_origins, queue_limit = excluded.queue_limit, no_agent = excluded.no_agent,
  calls_per_address = excluded.calls_per_address, socket_limit = excluded.socket_limit,
  media = excluded.media, media_fallback = excluded.media_fallback,
  visitor_check = excluded.visitor_check,
  challenge = case when excluded.challenge is not null
                   then jsonb_strip_nulls(jsonb_build_object('secretKey', s.challenge -> 'secretKey'))
                        || excluded.challenge end,
  calls_per_address_per_day = excluded.calls_per_address_per_day, pictures_per_room = excluded.pictures_per_room,
  picture_bytes = excluded.picture_bytes, button = excluded.button,
  service_level_seconds = excluded.service_level_seconds, short_abandon_seconds = excluded.short_abandon_seconds,
  rating = excluded.rating, rejoin_seconds = excluded.rejoin_seconds,
  media_profile = excluded.media_profile, phone_media_profile = excluded.phone_media_profile, consent = excluded.consent,
  param_labels = excluded.param_labels, recording = excluded.recording, captions = excluded.captions,
  device_test_room = excluded.device_test_room
returning secret_version, challenge is null or challenge ? 'secretKey' as complete`;

const WRITE_HOURS = `
insert into hours (site_id, id, name, schedule) values ($1, $2, $3, $4)
on conflict (site_id, id) do update set name = excluded.name, schedule = excluded.schedule`;

const WRITE_GROUP = `
insert into skill_groups (site_id, id, name, position, offer_seconds, wrap_up_seconds, rules, hours, priority,
                          disposition_required, recording)
values ($1, $2, $3, $4, coalesce($5, 20), coalesce($6, 30), $7, $8, coalesce($9, 5), coalesce($10, false), $11)
on conflict (site_id, id) do update set
  name = excluded.name, position = excluded.position, offer_seconds = excluded.offer_seconds,
  wrap_up_seconds = excluded.wrap_up_seconds, rules = excluded.rules,
  rules_version = skill_groups.rules_version + (skill_groups.rules is distinct from excluded.rules)::int, hours = excluded.hours,
  priority = excluded.priority, disposition_required = excluded.disposition_required, recording = excluded.recording`;

const DELETE_HOURS = `
delete from hours h where h.site_id = $1 and not h.id = any ($2::text[])`;
const USED_HOURS = `
select g.id, g.hours from skill_groups g where g.site_id = $1 and g.hours is not null and not g.hours = any ($2::text[])
 order by g.id limit 1`;

/**
 * Writes a site with its settings, hours, groups, dispositions and replies. Resolves to the site's secret_version.
 * Rejects with a ProvisionError.
 */
export async function writeSite(tx: Queryable, site: SiteConfiguration): Promise<number> {
  const { rows } = await tx.query<{ secret_version: number; complete: boolean }>(WRITE_SITE, [
    site.id,
    site.name,
    site.timeZone ?? null,
    site.origins ?? [],
    site.crmOrigins ?? [],
    site.queueLimit ?? null,
    site.noAgent ?? null,
    site.callsPerAddress ?? null,
    site.socketLimit ?? null,
    site.media ?? null,
    site.mediaFallback ?? null,
    site.visitorCheck ?? null,
    site.challenge ? JSON.stringify(site.challenge) : null,
    site.callsPerAddressPerDay ?? null,
    site.picturesPerRoom ?? null,
    site.pictureMegabytes ?? null,
    site.button ? JSON.stringify(site.button) : null,
    site.serviceLevelSeconds ?? null,
    site.shortAbandonSeconds ?? null,
    site.rating ? JSON.stringify(site.rating) : null,
    site.rejoinSeconds ?? null,
    site.mediaProfile ? JSON.stringify(site.mediaProfile) : null,
    site.phoneMediaProfile ? JSON.stringify(site.phoneMediaProfile) : null,
    site.consent ? JSON.stringify(site.consent) : null,
    site.paramLabels ? JSON.stringify(site.paramLabels) : null,
    site.recording ? JSON.stringify(site.recording) : null,
    site.captions ? JSON.stringify(site.captions) : null,
    site.deviceTestRoom ?? null,
  ]);
  if (!rows[0]?.complete) throw new ProvisionError('The challenge needs its secretKey.');
  await writeRetention(tx, site.id, site.retention ?? {});
  for (const { id, name, timeZone = null, open = [], exceptions = [] } of site.hours ?? []) {
    const schedule = JSON.stringify({ timeZone, open, exceptions });
    await tx.query(WRITE_HOURS, [site.id, id, name, schedule]);
  }
  await writeGroups(tx, site);
  if (site.hours)
    await deleteOtherHours(
      tx,
      site.id,
      site.hours.map(({ id }) => id),
    );
  if (site.dispositions) await writeDispositions(tx, site.id, { dispositions: site.dispositions });
  if (site.cannedReplies) await writeReplies(tx, site.id, site.cannedReplies);
  return rows[0].secret_version;
}

async function writeGroups(tx: Queryable, site: SiteConfiguration): Promise<void> {
  const { rows } = await tx.query<{ id: string }>('select id from hours where site_id = $1', [
    site.id,
  ]);
  for (const [position, group] of site.groups.entries()) {
    const { hours = null } = group;
    if (hours !== null && !rows.some(({ id }) => id === hours)) {
      throw new ProvisionError(
        `The group "${group.id}" uses the hours "${hours}", which the site does not have.`,
      );
    }
    await tx.query(WRITE_GROUP, [
      site.id,
      group.id,
      group.name,
      position,
      group.offerSeconds ?? null,
      group.wrapUpSeconds ?? null,
      JSON.stringify(group.rules ?? {}),
      hours,
      group.priority ?? null,
      group.dispositionRequired ?? null,
      group.recording ? JSON.stringify(group.recording) : null,
    ]);
  }
}

async function deleteOtherHours(
  tx: Queryable,
  siteId: string,
  named: readonly string[],
): Promise<void> {
  const { rows } = await tx.query<{ id: string; hours: string }>(USED_HOURS, [siteId, named]);
  if (rows[0])
    throw new ProvisionError(`The group "${rows[0].id}" uses the hours "${rows[0].hours}".`);
  await tx.query(DELETE_HOURS, [siteId, named]);
}

// A reply that stays keeps its picture.
const WRITE_REPLY = `
insert into canned_replies (site_id, scope, group_id, shortcut, language, text) values ($1, $2, $3, $4, $5, $6)
on conflict (site_id, scope, coalesce(agent_id::text, group_id, ''), shortcut, coalesce(language, ''))
do update set text = excluded.text
returning id`;
const DELETE_REPLIES = `
delete from canned_replies where site_id = $1 and scope <> 'personal' and not id = any ($2::uuid[])`;

async function writeReplies(
  tx: Queryable,
  siteId: string,
  replies: NonNullable<SiteConfiguration['cannedReplies']>,
): Promise<void> {
  const ids: string[] = [];
  for (const { scope, group = null, shortcut, language = null, text } of replies) {
    const values = [siteId, scope, group, shortcut, language, text];
    const { rows } = await tx.query<{ id: string }>(WRITE_REPLY, values);
    if (rows[0]) ids.push(rows[0].id);
  }
  await tx.query(DELETE_REPLIES, [siteId, ids]);
}
