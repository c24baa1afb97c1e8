import { RtcDeskError } from '../../protocol/errors.ts';
import type { SiteSettings, SiteSettingsChange } from '../../protocol/rest/site-settings.ts';
import type { AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { originFault } from '../sites/site-origins.ts';
import { isTimeZone } from '../sites/time-zone.ts';
import { changeConfiguration, type ChangedBy } from './change-configuration.ts';

const READ = `
select id, name, time_zone as "timeZone", origins, crm_origins as "crmOrigins", queue_limit as "queueLimit",
       calls_per_address as "callsPerAddress", calls_per_address_per_day as "callsPerAddressPerDay",
       visitor_check as "visitorCheck", socket_limit as "socketLimit", pictures_per_room as "picturesPerRoom",
       (picture_bytes / 1000000)::int as "pictureMegabytes", no_agent as "noAgent", media,
       media_fallback as "mediaFallback", device_test_room as "deviceTestRoom", button, service_level_seconds as "serviceLevelSeconds",
       short_abandon_seconds as "shortAbandonSeconds", rating, rejoin_seconds as "rejoinSeconds", consent, recording, captions,
       media_profile as "mediaProfile", phone_media_profile as "phoneMediaProfile", param_labels as "paramLabels",
       challenge - 'secretKey' as challenge
  from sites where id = $1`;

/** It is the value whose version clients compare. Rejects with `not-found`. */
export async function readSiteSettings(db: Queryable, siteId: string): Promise<SiteSettings> {
  const { rows } = await db.query<SiteSettings>(READ, [siteId]);
  if (!rows[0]) throw new RtcDeskError('not-found', 'The site is gone.');
  return rows[0];
}

// A challenge without a secret key keeps the one that is stored.
const WRITE = `
update sites set
  name = $2, time_zone = $3, origins = $4, crm_origins = $5, queue_limit = $6, calls_per_address = $7,
  calls_per_address_per_day = $8, visitor_check = $9, socket_limit = $10, pictures_per_room = $11,
  picture_bytes = $12::bigint * 1000000, no_agent = $13, media = $14, media_fallback = $15, button = $16,
  challenge = case when $17::jsonb is null then null
                   else jsonb_build_object('secretKey', challenge -> 'secretKey') || $17::jsonb end,
  service_level_seconds = $18, short_abandon_seconds = $19,
  rating = $20, rejoin_seconds = $21, media_profile = $22, phone_media_profile = $23, consent = $24,
  param_labels = $25, recording = $26, captions = $27, device_test_room = $28
 where id = $1`;

const HAS_SECRET = `select challenge ->> 'secretKey' is not null as has from sites where id = $1`;

/** What the change does not name stays as it is. Rejects with `precondition-failed`, `bad-message`. */
export async function changeSiteSettings(
  database: Database,
  by: ChangedBy,
  { version, change }: { version: string; change: SiteSettingsChange },
): Promise<{ settings: SiteSettings; receipts: readonly AuditReceipt[] }> {
  const { siteId } = by;
  const { receipts } = await changeConfiguration<SiteSettings>(database, by, {
    version,
    read: (tx) => readSiteSettings(tx, siteId),
    write: async (tx, before) => {
      if (before) await writeSiteSettings(tx, siteId, { ...before, ...change });
    },
  });
  const { rows } = await database.query<{ id: string }>(
    'select id from agents where site_id = $1',
    [siteId],
  );
  database.wake.notify(`matching:${siteId}`, ...rows.map(({ id }) => `agent:${id}` as const));
  return { settings: await readSiteSettings(database, siteId), receipts };
}

async function writeSiteSettings(
  tx: Queryable,
  siteId: string,
  settings: Omit<SiteSettings, 'challenge'> & Pick<Required<SiteSettingsChange>, 'challenge'>,
): Promise<void> {
  await requireValid(tx, siteId, settings);
  await tx.query(WRITE, [
    siteId,
    settings.name.trim(),
    settings.timeZone,
    settings.origins,
    settings.crmOrigins,
    settings.queueLimit,
    settings.callsPerAddress,
    settings.callsPerAddressPerDay,
    settings.visitorCheck,
    settings.socketLimit,
    settings.picturesPerRoom,
    settings.pictureMegabytes,
    settings.noAgent,
    settings.media,
    settings.mediaFallback,
    JSON.stringify(settings.button),
    settings.challenge === null ? null : JSON.stringify(settings.challenge),
    settings.serviceLevelSeconds,
    settings.shortAbandonSeconds,
    JSON.stringify(settings.rating),
    settings.rejoinSeconds,
    JSON.stringify(settings.mediaProfile),
    settings.phoneMediaProfile === null ? null : JSON.stringify(settings.phoneMediaProfile),
    settings.consent && JSON.stringify(settings.consent),
    JSON.stringify(settings.paramLabels),
    JSON.stringify(settings.recording),
    JSON.stringify(settings.captions),
    settings.deviceTestRoom,
  ]);
}

/** What the schema cannot say. Rejects with `bad-message`. */
async function requireValid(
  tx: Queryable,
  siteId: string,
  {
    timeZone,
    origins,
    crmOrigins,
    visitorCheck,
    challenge,
    rating,
    paramLabels,
    captions,
  }: Pick<
    SiteSettings,
    'timeZone' | 'origins' | 'crmOrigins' | 'visitorCheck' | 'rating' | 'paramLabels' | 'captions'
  > &
    Pick<Required<SiteSettingsChange>, 'challenge'>,
): Promise<void> {
  if (!isTimeZone(timeZone)) throw bad(`timeZone must be a time zone like Europe/Berlin`);
  for (const [name, list] of Object.entries({ origins, crmOrigins })) {
    const fault = list.map(originFault).find((found) => found !== null);
    if (fault) throw bad(`${name}: ${fault}`);
  }
  const reason = repeated(rating.reasons.map(({ id }) => id));
  if (reason !== undefined) throw bad(`rating.reasons: "${reason}" is there twice`);
  const label = repeatedLabel(paramLabels);
  if (label !== null) throw bad(`paramLabels: ${label} is there twice`);
  if (captions.translate && captions.by !== 'cloud') {
    throw bad('captions.translate needs captions.by "cloud"');
  }
  if (visitorCheck === 'challenge' && challenge === null) {
    throw bad('visitorCheck is "challenge": add the challenge');
  }
  if (challenge === null || challenge.secretKey !== undefined) return;
  const { rows } = await tx.query<{ has: boolean }>(HAS_SECRET, [siteId]);
  if (!rows[0]?.has) throw bad('challenge.secretKey is missing');
}

/** A text that is there twice. */
const repeated = (texts: readonly string[]): string | undefined =>
  texts.find((text, index) => texts.indexOf(text) !== index);

/** A param, or a value of a param, that is there twice, in words for a message; null without one. */
export function repeatedLabel(labels: SiteSettings['paramLabels']): string | null {
  const name = repeated(labels.map((label) => label.name));
  if (name !== undefined) return `"${name}"`;
  for (const { name: param, values } of labels) {
    const value = repeated(values.map((one) => one.value));
    if (value !== undefined) return `the value "${value}" of "${param}"`;
  }
  return null;
}

function bad(message: string): RtcDeskError {
  return new RtcDeskError('bad-message', message);
}
