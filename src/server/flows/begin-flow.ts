import type { ConsentDecision } from '../../protocol/client-messages.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import { paramsJson } from '../calls/call-params.ts';
import {
  checkTexts,
  connectionGone,
  consentMissing,
  RETRY_AFTER_SECONDS,
  type CallRequest,
} from '../calls/request-call.ts';
import { writeConsent } from '../consents/write-consent.ts';
import type { Database, Queryable } from '../database/database.ts';
import { RetryLaterError } from '../rate-limits/retry-later-error.ts';
import { readFacts } from './read-facts.ts';
import { readFlowVersion } from './flow-version.ts';
import { ms } from '../views/view-columns.ts';
import { notifySettled, settleFlow, type Settled } from './settle-flow.ts';
import { beforeFlow, stepFlow } from './step-flow.ts';

export type FlowRequest = Omit<CallRequest, 'skill' | 'priority'> & {
  /** The id of a flow. */
  readonly flow: string;
};

export interface BegunCall {
  readonly callId: string;
  /** False if this resume hash had the call already. */
  readonly created: boolean;
  /** The step whose request has to be sent now; null: none. */
  readonly request: string | null;
}

interface Admission {
  readonly site: string;
  readonly version: string | null;
  readonly socket: string | null;
  /** The connection belongs to another call that is live. */
  readonly busy: boolean;
  readonly existing: string | null;
  readonly existing_site: string | null;
  /** What the visitor has not shown: the site's `visitor_check`. */
  readonly missing: 'identity' | 'challenge' | null;
  readonly crowded: boolean;
  /** The version of the site's consent; null: it asks for nothing. */
  readonly consent_version: string | null;
  /** When a visitor with a signed identity agreed to it in an earlier call, in ms since 1970. */
  readonly agreed_before: number | null;
  /** As many calls of the site are choosing as may wait in its queue. */
  readonly full: boolean;
}

const LOCK = 'select free_queue_places(id, queue_limit) as places from sites where id = $1';

// After LOCK, in a statement of its own: so it sees every call that was requested before.
const ADMIT = `
select s.id as site, v.id as version, x.id as socket, o.id is not null as busy, k.id as existing,
       k.site_id as existing_site,
       case when $5::text is null and s.visitor_check <> 'none' and not (s.visitor_check = 'challenge' and $7::boolean)
            then s.visitor_check end as missing,
       coalesce(
         live_calls_of_address(s.id, $6::bigint, a.most) >= a.most
         or calls_today_of_address(s.id, $6::bigint) >= s.calls_per_address_per_day, false) as crowded,
       consent_version(s.consent) as consent_version,
       ${ms('agreed_before(s.id, $5, consent_version(s.consent))')} as agreed_before,
       choosing_calls(s.id, s.queue_limit) >= s.queue_limit as full
  from sites s
 cross join lateral (select coalesce(s.calls_per_address, greatest(s.queue_limit / 10, 1)) as most) a
  left join flows f on f.site_id = s.id and f.id = $2
  left join flow_versions v on v.site_id = f.site_id and v.flow_id = f.id and v.version = f.published_version
  left join calls k on k.resume_hash = $3
  left join connections x on x.id = $4 and x.role = 'visitor' and x.site_id = s.id
  left join calls o on o.id = x.call_id and o.ended_at is null and o.resume_hash <> $3
 where s.id = $1`;

const CREATE = `
with verified_visitor as (
  insert into visitors (site_id, external_id, name) select $1, $5, $4 where $5::text is not null
  on conflict (site_id, external_id) do update set name = excluded.name
  returning id),
made as (
  insert into calls (site_id, state, flow_version_id, event_count, visitor_name, visitor_id, params, page, language,
                     resume_hash, address_hash, visitor_gone_at)
  values ($1, 'choosing', $2, 1, $4, (select id from verified_visitor), $6, $7, $8, $3, $9,
          case when $10::uuid is null then now() end)
  on conflict (resume_hash) do nothing
  returning id),
logged as (
  insert into call_events (call_id, sequence, type, actor, data)
  select m.id, 1, 'created', 'visitor', jsonb_build_object('flow', $11::text, 'version', $12::int) from made m),
bound as (
  update connections x set call_id = m.id from made m where x.id = $10)
select id from made`;

const COME_BACK = `
with bound as (
  update connections set call_id = $1 where id = $2)
update calls set visitor_gone_at = null where id = $1 and visitor_gone_at is not null`;

/**
 * Begins a call with the published version of a flow, and runs it to its first step that waits. A flow that leads
 * straight to a queue is in that queue in the same transaction. Asking again with the same resume hash finds the same
 * call.
 *
 * Rejects with `unknown-skill` (no such flow, or it was never published) and otherwise as `requestCall`; with
 * `queue-full` if too many calls of the site are choosing. With a refused consent the flow goes on, and no queue takes the
 * call.
 */
export async function beginFlow(db: Database, request: FlowRequest): Promise<BegunCall> {
  checkTexts(request);
  paramsJson(request.params ?? {});
  const begun = await db.transaction((tx) => begin(tx, request));
  if ('settled' in begun) {
    notifySettled(db, begun.settled);
    return { callId: begun.callId, created: true, request: begun.settled.request };
  }
  db.wake.notify(`call:${begun.callId}`);
  return { callId: begun.callId, created: false, request: null };
}

type Begun = { readonly callId: string } | { readonly callId: string; readonly settled: Settled };

async function begin(tx: Queryable, request: FlowRequest): Promise<Begun> {
  const { siteId, resumeHash, name, externalId = null, params = {}, connectionId = null } = request;
  const { addressHash = null, page = null, language = null } = request;
  await tx.query(LOCK, [siteId]);
  const found = (
    await tx.query<Admission>(ADMIT, [
      siteId,
      request.flow,
      resumeHash,
      connectionId,
      externalId,
      addressHash,
      request.challengePassed ?? false,
    ])
  ).rows[0];
  if (found?.busy) throw new RtcDeskError('conflict', 'This visitor has a call already.');
  if (found?.existing && found.existing_site === siteId) {
    if (connectionId !== null && found.socket === null) throw connectionGone();
    await tx.query(COME_BACK, [found.existing, connectionId]);
    return { callId: found.existing };
  }
  const refusal = refusalOf(found, connectionId);
  if (refusal) throw refusal;
  const consent = found && decisionOf(found, request.consent);
  const version = await readFlowVersion(tx, found?.version ?? '');
  const [made] = (
    await tx.query<{ id: string }>(CREATE, [
      siteId,
      version.id,
      resumeHash,
      name,
      externalId,
      paramsJson(params),
      page,
      language,
      addressHash,
      connectionId,
      version.flowId,
      version.version,
    ])
  ).rows;
  if (!made) throw new RtcDeskError('conflict', 'This resume token belongs to another call.');
  if (consent) await writeConsent(tx, made.id, consent);
  const facts = await readFacts(tx, made.id, version.document);
  const outcome = stepFlow(version.document, beforeFlow(params), { kind: 'begin' }, facts);
  const settled = await settleFlow(tx, { id: made.id, version, facts, waited: false }, outcome, []);
  return { callId: made.id, settled };
}

function refusalOf(found: Admission | undefined, connectionId: string | null): RtcDeskError | null {
  if (!found) return new RtcDeskError('unknown-site', 'No such site.');
  if (found.version === null) return new RtcDeskError('unknown-skill', 'No such published flow.');
  if (found.existing)
    return new RtcDeskError('conflict', 'This resume token belongs to another call.');
  if (found.missing === 'identity') {
    return new RtcDeskError(
      'invalid-identity',
      'This site takes calls with a signed identity only.',
    );
  }
  if (found.missing === 'challenge') {
    return new RtcDeskError('challenge-required', 'The site’s challenge is not answered.');
  }
  if (found.full)
    return new RetryLaterError('queue-full', 'Too many calls are choosing.', RETRY_AFTER_SECONDS);
  if (found.crowded) {
    return new RetryLaterError(
      'rate-limited',
      'Too many calls from this address.',
      RETRY_AFTER_SECONDS,
    );
  }
  return connectionId !== null && found.socket === null ? connectionGone() : null;
}

/** What the visitor has decided about the site's consent; null: it asks for nothing. Throws `consent-required`. */
function decisionOf(
  { consent_version: version, agreed_before: since }: Admission,
  given: ConsentDecision | undefined,
): ConsentDecision | null {
  if (version === null) return null;
  if (given?.version === version) return given;
  if (since === null) throw consentMissing(undefined);
  return { version, agreed: true, since };
}
