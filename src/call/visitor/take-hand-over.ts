import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { VisitorView } from '../../protocol/views.ts';
import type { CallParts } from '../call-parts.ts';
import { makeResumeToken, ResumeStore } from './resume-store.ts';

/** How long a press waits for an answer of the desk. */
const TAKE_TIMEOUT_MS = 30_000;

export interface HandOverTaking {
  /** The desk's address. */
  readonly server: string;
  readonly site: string;
  readonly code: string;
}

/**
 * Takes the call of a code: after that this browser has its resume token, and a call of the site resumes it. Rejects with
 * an RtcDeskError: `not-found` if the code opens no call.
 */
export async function takeHandOver(
  { server, site, code }: HandOverTaking,
  { platform, connect }: Pick<CallParts, 'platform' | 'connect'>,
): Promise<void> {
  const store = new ResumeStore(platform, server, site);
  const former = store.read();
  const resume = makeResumeToken(platform);
  const signaling = connect<VisitorView>({
    server,
    hello: () => ({ type: 'hello', protocol: PROTOCOL_VERSION, role: 'visitor', site }),
    onDelivery: () => {
      // Nothing is delivered to somebody who is in no room.
    },
  });
  signaling.open();
  // Before anything is sent: a page that is loaded again from now on finds the call.
  store.write(resume);
  try {
    await signaling.send<'take-hand-over'>(
      { type: 'take-hand-over', code, resume },
      { timeoutMs: TAKE_TIMEOUT_MS },
    );
  } catch (error) {
    store.remove(resume);
    if (former !== null) store.write(former);
    throw error;
  } finally {
    signaling.close();
  }
}
