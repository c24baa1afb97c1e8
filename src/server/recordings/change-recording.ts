import { RtcDeskError } from '../../protocol/errors.ts';
import type { RecorderFailure, RecordingSettings, RecordingState } from '../../protocol/views.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import { notifyEnded, writeEnds, type EndedCall } from '../calls/end-calls.ts';
import type { Database, Queryable } from '../database/database.ts';

/** What an agent does to a recording. */
export type RecordingChange = 'start' | 'pause' | 'resume' | 'stop' | 'fail';

interface CallRow extends CallChange {
  readonly epoch: number;
  /** The settings that count now. */
  readonly rule: RecordingSettings;
  readonly state: RecordingState | null;
}

const CALL = `
select c.id as call_id, c.site_id, c.group_id, c.room, c.epoch,
       recording_rule(c.site_id, c.group_id, c.recording_mode) as rule,
       (select r.state from recordings r where r.call_id = c.id) as state,
       array(select l.agent_id::text from legs l where l.call_id = c.id and l.state = 'joined') as agent_ids
  from calls c
 where c.id = $1 and c.state = 'connected'`;

const OWNED = `${CALL}
   and exists (select from legs l where l.id = c.owner_leg_id and l.agent_id = $2) for no key update of c`;
const VISITED = `${CALL} for no key update of c`;

/** A recording that begins again keeps its id and its first start. */
const STORE = `
insert into recordings as r (site_id, call_id, state, rule, started_at, heard_at)
values ($1, $2, $3, $4, case when $3 = 'recording' then clock_timestamp() end,
        case when $3 = 'recording' then clock_timestamp() end)
on conflict (call_id) do update
   set state = $3, state_since = clock_timestamp(),
       rule = case when $3 = 'asked' then excluded.rule else r.rule end,
       started_at = case when $3 = 'recording' then coalesce(r.started_at, clock_timestamp()) else r.started_at end,
       heard_at = case when $3 = 'recording' then clock_timestamp() else r.heard_at end,
       stopped_at = case when $3 in ('stopped', 'failed') then clock_timestamp() else null end,
       failure = coalesce($5, r.failure)`;

const LOG = 'select log_call_event($1, $2, $3, $4, $5)';

interface Step {
  /** In which states it can be done; null: before there was a recording. */
  readonly from: readonly (RecordingState | null)[];
  readonly to: RecordingState;
  readonly event: string;
}

const STEPS: Readonly<Record<Exclude<RecordingChange, 'start'>, Step>> = {
  pause: { from: ['recording'], to: 'paused', event: 'recording-paused' },
  resume: { from: ['paused'], to: 'recording', event: 'recording-resumed' },
  stop: {
    from: ['recording', 'paused', 'asked', 'failed'],
    to: 'stopped',
    event: 'recording-stopped',
  },
  fail: { from: ['recording', 'paused'], to: 'failed', event: 'recording-failed' },
};

/** From `refused` the visitor is asked again, but not where the site always records. */
function startStep({ mode, askFirst }: RecordingSettings, state: RecordingState | null): Step {
  const again = mode === 'always' ? [] : (['refused'] as const);
  const hadConsent = state === 'stopped' || state === 'failed';
  return askFirst && !hadConsent
    ? { from: [null, ...again], to: 'asked', event: 'recording-asked' }
    : { from: [null, 'stopped', 'failed', ...again], to: 'recording', event: 'recording-started' };
}

/**
 * The owner of a connected call changes its recording. Rejects with `forbidden` for everybody else, where the site or
 * group does not record, and for a stop where it always records; and with `conflict` in another state. `reason`: why
 * it failed; the site's rule may end the call then.
 */
export async function changeRecording(
  db: Database,
  asked: {
    readonly callId: string;
    readonly agentId: string;
    readonly change: RecordingChange;
    readonly reason?: RecorderFailure;
  },
): Promise<void> {
  const { callId, agentId, change, reason = null } = asked;
  const done = await db.transaction(async (tx) => {
    const { rows } = await tx.query<CallRow>(OWNED, [callId, agentId]);
    const [call] = rows;
    if (!call) throw new RtcDeskError('forbidden', 'This call is not yours, or not connected.');
    const { rule, state } = call;
    if (
      (change === 'start' && rule.mode === 'off') ||
      (change === 'stop' && rule.mode === 'always')
    ) {
      throw new RtcDeskError('forbidden', 'The site does not let you.');
    }
    const step = change === 'start' ? startStep(rule, state) : STEPS[change];
    if (state === step.to) return { call, ended: [] };
    if (!step.from.includes(state)) {
      throw new RtcDeskError('conflict', `The recording is ${state ?? 'not begun'}.`);
    }
    await store(tx, call, step.to, reason);
    await tx.query(LOG, [
      callId,
      step.event,
      'agent',
      agentId,
      JSON.stringify(reason ? { reason } : {}),
    ]);
    const ends = change === 'fail' && rule.onFailure === 'end';
    return { call, ended: ends ? await endFor(tx, call, 'recording-failed') : [] };
  });
  notify(db, done);
}

/**
 * The visitor agrees to be recorded, or refuses: then the site's rule may end the call. The same answer again changes
 * nothing. Rejects with `conflict` if nothing is asked.
 */
export async function answerRecording(
  db: Database,
  { callId, agreed }: { readonly callId: string; readonly agreed: boolean },
): Promise<void> {
  const done = await db.transaction(async (tx) => {
    const { rows } = await tx.query<CallRow>(VISITED, [callId]);
    const [call] = rows;
    if (!call) throw new RtcDeskError('conflict', 'The call is not connected.');
    const to = agreed ? 'recording' : 'refused';
    if (call.state === to) return { call, ended: [] };
    if (call.state !== 'asked') throw new RtcDeskError('conflict', 'Nothing is asked.');
    await store(tx, call, to, null);
    const event = agreed ? 'recording-started' : 'recording-refused';
    await tx.query(LOG, [callId, event, 'visitor', null, '{}']);
    const ends = !agreed && call.rule.onRefusal === 'end';
    return { call, ended: ends ? await endFor(tx, call, 'recording-refused') : [] };
  });
  notify(db, done);
}

async function store(
  tx: Queryable,
  { site_id, call_id, rule }: CallRow,
  to: RecordingState,
  failure: string | null,
): Promise<void> {
  await tx.query(STORE, [site_id, call_id, to, JSON.stringify(rule), failure]);
}

function endFor(
  tx: Queryable,
  { call_id: callId, epoch }: CallRow,
  reason: 'recording-failed' | 'recording-refused',
): Promise<EndedCall[]> {
  return writeEnds(tx, [{ callId, epoch, agentId: null, reason, actor: 'system' }]);
}

function notify(
  db: Database,
  { call, ended }: { readonly call: CallChange; readonly ended: readonly EndedCall[] },
): void {
  notifyCalls(db, [call]);
  notifyEnded(db, ended);
}
