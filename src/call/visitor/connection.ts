import { limits } from '../../protocol/limits.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { VisitorCallView, VisitorView } from '../../protocol/views.ts';
import type { Delivery, Signaling } from '../../signaling/signaling-client.ts';
import type { CallParts } from '../call-parts.ts';
import type { CallRequest, VisitorCallOptions } from '../visitor-call-control.ts';

/** How long a press waits for the desk to answer at all. */
const REQUEST_DEADLINE = 30_000;

export interface VisitorConnectionEvents {
  /** Something of `signaling` changed. */
  changed(stay: VisitorConnection): void;
  delivered(delivery: Delivery): void;
}

/** One resume token's stay on the desk's line: from the socket's opening to its close. */
export class VisitorConnection {
  readonly signaling: Signaling<VisitorView>;
  /** The call as it was last seen, kept also when the server no longer shows it. */
  call: VisitorCallView | null = null;
  #request: Promise<{ readonly callId: string }> | null = null;
  /** Whether the server has ever heard of this stay. */
  #reached = false;
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
      this.#reached ||= this.signaling.getSnapshot().state === 'online';
      events.changed(this);
    });
  }

  get requested(): boolean {
    return this.#request !== null;
  }

  /** Resolves to the call's id when it is queued. */
  async request({ skill, name, identity, params, language }: CallRequest): Promise<string> {
    this.#request = this.signaling.send<'request-call'>(
      {
        type: 'request-call',
        resume: this.token,
        params: { ...params },
        language,
        page: location.origin + location.pathname,
        ...(skill ? { skill } : {}),
        ...(name ? { name: name.slice(0, limits.nameLength) } : {}),
        ...(identity ? { identity } : {}),
      },
      { deadline: REQUEST_DEADLINE },
    );
    return (await this.#request).callId;
  }

  /** Whether the server shows a living call to this token; false too where it does not answer in time. */
  isAlive(deadline = REQUEST_DEADLINE): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (alive: boolean) => {
        unsubscribe();
        cancel();
        resolve(alive);
      };
      const cancel = this.parts.clock.after(deadline, () => done(false));
      const unsubscribe = this.signaling.subscribe(() => {
        const { state, view } = this.signaling.getSnapshot();
        if (view) done(view.call !== null && view.call.ended === null);
        else if (state === 'closed') done(false);
      });
    });
  }

  /** Tells the server that the call is over, over reconnects, for as long as it would keep it by itself. */
  async sayGoodbye(): Promise<void> {
    this.#unsubscribe();
    try {
      // Never reached: nothing was sent that would have to be taken back.
      const callId = this.call?.id ?? (this.#reached ? (await this.#request)?.callId : null);
      if (!callId) return;
      const deadline = limits.visitorGrace;
      await this.signaling.send<'end-call'>({ type: 'end-call', callId }, { deadline });
    } catch {
      // Refused: there is no such call any more. Not delivered: the server's grace has ended it by now.
    } finally {
      this.signaling.close();
    }
  }

  close(): void {
    this.#unsubscribe();
    this.signaling.close();
  }
}
