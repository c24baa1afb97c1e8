import { activeLeg } from './agent-legs.ts';
import type { DeskProcess } from './desk-process.ts';
import { ProtocolClient } from './protocol-client.ts';
import { recordingSettings } from './recording-settings.ts';
import { RestSession } from './rest-session.ts';
import { accept, enter, newResume } from './signaling-server.ts';

/** The demo, whose calls are all recorded. */
export interface AlwaysRecorded {
  /** The owner's session. */
  readonly olivia: RestSession;
  /** Of the agent alice. */
  readonly token: string;
}

/** Lets the demo record each call, without asking. */
export async function recordAlways({ url }: DeskProcess): Promise<AlwaysRecorded> {
  const olivia = await RestSession.signIn(url, 'demo', 'olivia', 'demo');
  const response = await fetch(`${url}/api/v1/agent-sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ site: 'demo', username: 'alice', password: 'demo' }),
  });
  const { token } = (await response.json()) as { token: string };
  await olivia.send('PATCH', '/site', { recording: recordingSettings({ mode: 'always' }) });
  return { olivia, token };
}

/** A call under way, over signaling alone. */
export interface LiveRecording {
  readonly agent: ProtocolClient<'agent'>;
  readonly visitor: ProtocolClient<'visitor'>;
  readonly callId: string;
  /** The recording's id. */
  readonly id: string;
}

/** A call between a visitor and alice, whose recording has begun. */
export async function beginRecordedCall(
  { url }: DeskProcess,
  token: string,
): Promise<LiveRecording> {
  const agent = await ProtocolClient.join(url, { role: 'agent', token, fresh: true });
  await agent.command({ type: 'set-status', status: 'available' });
  const visitor = await ProtocolClient.join(url, { role: 'visitor', site: 'demo' });
  const { callId } = await visitor.command({
    type: 'request-call',
    resume: newResume(),
    skill: 'after-sales',
    params: {},
  });
  await accept(agent);
  await enter(agent);
  await enter(visitor);
  const view = await agent.waitFor((shown) => activeLeg(shown)?.call.recording);
  return { agent, visitor, callId, id: activeLeg(view)?.call.recording?.id ?? '' };
}
