import { callbackCode } from '../callbacks/callback-code.ts';
import type { Queryable } from '../database/database.ts';
import { ms, TALK_SECONDS } from '../views/view-columns.ts';

/** An event for one endpoint, as it goes out. */
export interface EventToDeliver {
  readonly url: string;
  readonly secret_version: number;
  /** Whether the secret of the version before still signs too. */
  readonly previous_secret: boolean;
  readonly disabled: boolean;
  readonly public_id: string;
  readonly type: string;
  /** Ms since 1970. */
  readonly at: number;
  readonly data: object;
}

const READ = `
select p.url, p.secret_version, coalesce(p.previous_secret_until > now(), false) as previous_secret,
       p.disabled_at is not null as disabled, v.public_id, v.type, ${ms('v.at')} as at,
       case when v.call_id is null then v.data else jsonb_build_object(
         'callId', c.id, 'site', c.site_id, 'group', c.group_id, 'page', c.page, 'language', c.language,
         'params', c.params, 'requestedAt', ${ms('c.requested_at')},
         'visitor', jsonb_build_object('id', i.external_id, 'name', c.visitor_name, 'verified', i.id is not null))
         || coalesce(jsonb_build_object(
              'sequence', e.sequence, 'by', e.actor, 'leg', e.leg_id,
              'agent', (select jsonb_build_object('id', a.id, 'username', a.username, 'name', a.name)
                          from agents a where a.id = e.agent_id)) || e.data, '{}')
         || case when e.type = 'ended' then jsonb_build_object(
              'seconds', ${TALK_SECONDS}) else '{}' end
         || case when f.id is not null then jsonb_build_object('contact', f.contact) else '{}' end
         || v.data end as data
  from webhook_deliveries d
  join webhook_endpoints p on p.id = d.endpoint_id
  join webhook_events v on v.id = d.event_id
  left join calls c on c.id = v.call_id
  left join visitors i on i.id = c.visitor_id
  left join follow_ups f on f.id = (v.data ->> 'callback')::uuid
  left join call_events e on e.call_id = v.call_id and e.sequence = v.sequence
 where d.endpoint_id = $1 and d.event_id = $2`;

interface EventAsked {
  readonly endpoint: string;
  readonly event: number;
  /** The server's signing key. */
  readonly key: Uint8Array;
  readonly publicUrl: string | null;
}

/** Null if the endpoint, or the call with its events, was deleted. */
export async function readEvent(
  db: Queryable,
  { endpoint, event, key, publicUrl }: EventAsked,
): Promise<EventToDeliver | null> {
  const { rows } = await db.query<EventToDeliver>(READ, [endpoint, event]);
  const [found] = rows;
  if (!found) return null;
  const { callback } = found.data as { readonly callback?: string };
  if (!found.type.startsWith('callback.') || callback === undefined || publicUrl === null) {
    return found;
  }
  // Made here, so that no code is stored with the event.
  const link = new URL(`/c#${callbackCode(key, callback)}`, publicUrl).href;
  return { ...found, data: { ...found.data, link } };
}

/** The body: `{type, timestamp, data}`; the timestamp in ISO 8601. */
export function eventBody({ type, at, data }: EventToDeliver): string {
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
}
