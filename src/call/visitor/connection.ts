import type { CommandBody } from '../../protocol/client-messages.ts';
import { limits } from '../../protocol/limits.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { VisitorCallView, VisitorView } from '../../protocol/views.ts';
import type { Delivery, Signaling } from '../../signaling/signaling.ts';
import type { CallParts } from '../call-parts.ts';
import type {
  CallRequest,
  HandOverOffer,
  RequestAnswers,
  VisitorAnswer,
  VisitorCallOptions,
} from '../visitor-call-control.ts';

/** How long a press waits for an answer of the desk. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface VisitorConnectionEvents {
  /** The snapshot of `signaling` has changed. */
  changed(connection: VisitorConnection): void;
  delivered(delivery: Delivery): void;
}

/** A visitor's connection to the desk, for one resume token and so for one call. */
export class VisitorConnection {
  readonly signaling: Signaling<VisitorView>;
  /** The last known view of the call, also when the server no longer shows it. */
  call: VisitorCallView | null = null;
  #request: Promise<{ readonly callId: string }> | null = null;
  #everOnline = false;
  readonly #unsubscribe: () => void;

  constructor(
    options: VisitorCallOptions,
    private readonly parts: CallParts,
    readonly token: string,
    events: VisitorConnectionEvents,
  ) {
    this.signaling = parts.connect<VisitorView>({
      server: options.server,
      hello: (previous) => ({
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        role: 'visitor',
        site: options.site,
        resume: token,
        ...(previous ? {} : { fresh: true }),
      }),
      onDelivery: (delivery) => events.delivered(delivery),
    });
    this.#unsubscribe = this.signaling.subscribe(() => {
      this.#everOnline ||= this.signaling.getSnapshot().state === 'online';
      events.changed(this);
    });
  }

  get requested(): boolean {
    return this.#request !== null;
  }

  /** Resolves to the call's id when it is queued. */
  async request({ answer: _, ...request }: CallRequest, answers: RequestAnswers): Promise<string> {
    this.#request = this.signaling.send<'request-call'>(
      {
        type: 'request-call',
        resume: this.token,
        page: this.parts.platform.page.address,
        ...request,
        ...answers,
      },
      { timeoutMs: REQUEST_TIMEOUT_MS },
    );
    return (await this.#request).callId;
  }

  /** Does nothing before the call is known. */
  async answer(answer: VisitorAnswer): Promise<void> {
    const callId = this.call?.id;
    if (!callId) return;
    const command = { ...answer, callId } as CommandBody<VisitorAnswer['type']>;
    await this.signaling.send(command, { timeoutMs: REQUEST_TIMEOUT_MS });
  }

  async offerHandOver(): Promise<HandOverOffer> {
    const { code, expiresAt } = await this.signaling.send<'offer-hand-over'>(
      { type: 'offer-hand-over' },
      { timeoutMs: REQUEST_TIMEOUT_MS },
    );
    return { code, expiresAt: expiresAt - this.signaling.getSnapshot().clockOffset };
  }

  /** Whether the server shows a live call for this token. False also if it does not answer in time. */
  hasLiveCall(timeoutMs = REQUEST_TIMEOUT_MS): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (live: boolean) => {
        unsubscribe();
        cancel();
        resolve(live);
      };
      const cancel = this.parts.platform.clock.after(timeoutMs, () => done(false));
      const unsubscribe = this.signaling.subscribe(() => {
        const { state, view } = this.signaling.getSnapshot();
        if (view) done(view.call !== null && view.call.ended === null);
        else if (state === 'closed') done(false);
      });
    });
  }

  /**
   * Ends the call on the server, over reconnects. Gives up when the server ends it by itself. `mayReturn`: the visitor can
   * come back to a call that is connected, for the time that the site gives.
   */
  async endCall(mayReturn = false): Promise<void> {
    this.#unsubscribe();
    try {
      // Never online: the server knows of no request.
      const callId = this.call?.id ?? (this.#everOnline ? (await this.#request)?.callId : null);
      if (!callId) return;
      const timeoutMs = limits.visitorGrace;
      await this.signaling.send<'end-call'>({ type: 'end-call', callId, mayReturn }, { timeoutMs });
    } catch {
      // Refused: the call is over. Not delivered: the server has ended the call after its grace period.
    } finally {
      this.signaling.close();
    }
  }

  close(): void {
    this.#unsubscribe();
    this.signaling.close();
  }
}
