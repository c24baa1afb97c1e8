import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';
import type {
  CallRequest,
  HandOverOffer,
  VisitorAnswer,
  VisitorCallControl,
  VisitorCallSnapshot,
} from '../../src/call/visitor-call-control.ts';
import { Store } from '../../src/snapshot/store.ts';
import { localMedia } from './fake-room-control.ts';

export const visitorSnapshot: VisitorCallSnapshot = {
  state: 'idle',
  error: null,
  retryAt: null,
  callId: null,
  step: null,
  position: null,
  estimate: null,
  agentOnline: true,
  agentName: null,
  online: true,
  joinAsked: false,
  local: localMedia,
  room: null,
  ended: null,
  key: null,
};

/** A visitor's call whose state the test sets by `update`, and which writes down what it was asked. */
export class FakeVisitorCallControl
  extends Store<VisitorCallSnapshot>
  implements VisitorCallControl
{
  readonly asked: string[] = [];
  request: CallRequest | null = null;
  /** `start` fails with this code. */
  refuse: ErrorCode | null = null;
  /** Whether `resume` finds a call. */
  earlier: Partial<VisitorCallSnapshot> | null = null;

  constructor(change: Partial<VisitorCallSnapshot> = {}) {
    super({ ...visitorSnapshot, ...change });
  }

  async start(request: CallRequest): Promise<void> {
    this.asked.push('start');
    this.request = request;
    if (this.refuse) {
      this.update({ state: 'failed', error: this.refuse });
      throw new RtcDeskError(this.refuse);
    }
    this.update({ ...visitorSnapshot, state: 'queued' });
  }

  async resume(): Promise<boolean> {
    this.asked.push('resume');
    if (!this.earlier) return false;
    this.update(this.earlier);
    return true;
  }

  async takeOver(): Promise<void> {
    this.asked.push('takeOver');
    // The real one resets its call first, then begins another one.
    this.update({ state: 'idle', error: null });
    this.update({ state: 'queued', error: null });
  }

  join(): void {
    this.asked.push('join');
    this.update({ joinAsked: false });
  }

  async answer(answer: VisitorAnswer): Promise<void> {
    if (answer.type === 'answer-recording') this.asked.push(`answerRecording(${answer.agreed})`);
    else this.asked.push(`answer(${answer.node}, ${JSON.stringify(answer.value)})`);
    if (this.refuse) throw new RtcDeskError(this.refuse);
  }

  async offerHandOver(): Promise<HandOverOffer> {
    this.asked.push('offerHandOver');
    if (this.refuse) throw new RtcDeskError(this.refuse);
    return { code: 'A'.repeat(22), expiresAt: Date.now() + 120_000 };
  }

  async hangUp(): Promise<void> {
    this.asked.push('hangUp');
    const { state, room } = this.getSnapshot();
    if (['idle', 'ended', 'failed'].includes(state)) return;
    const reason = room ? 'visitor-ended' : 'cancelled';
    this.update({ state: 'ended', ended: { reason, at: 0, seconds: room ? 65 : 0 } });
  }

  async setCameraOn(on: boolean): Promise<void> {
    this.asked.push(`setCameraOn(${on})`);
  }

  async useCamera(deviceId: string): Promise<void> {
    this.asked.push(`useCamera(${deviceId})`);
  }

  async setMicrophoneOn(on: boolean): Promise<void> {
    this.asked.push(`setMicrophoneOn(${on})`);
  }

  reset(): void {
    this.asked.push('reset');
    if (['ended', 'failed'].includes(this.getSnapshot().state)) this.update(visitorSnapshot);
  }
}
