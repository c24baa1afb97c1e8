import { isErrorCode } from '../protocol/error-codes.ts';
import { RtcDeskError } from '../protocol/errors.ts';
import type { Credentials } from '../call/agent-desk-control.ts';
import type {
  CallAcceptedEvent,
  CallOfferedEvent,
  CallWithdrawnEvent,
  DeskReadyEvent,
  DeskStatus,
  DeskStatusEvent,
} from '../elements/agent-desk/events.ts';
import type {
  CallConnected,
  CallEnded,
  CallFailure,
} from '../elements/parts/events/call-events.ts';
import type { ChosenStatus } from '../protocol/views.ts';
import type { DispositionChoice } from '../call/agent-desk-control.ts';
import {
  BRIDGE_VERSION,
  isConnectAnswer,
  isDeskMessage,
  type BridgeEventName,
  type BridgeMethod,
  type DeskMessage,
} from './crm-messages.ts';

/** Between two attempts to reach a desk that has not answered. */
const RETRY_MS = 1_000;

/** One of the desk's events, as it arrives in the CRM's page. */
export class DeskConnectionEvent<D = unknown> extends Event {
  constructor(
    name: string,
    readonly detail: D,
  ) {
    super(name);
  }
}

export interface DeskConnectionEvents {
  'desk-ready': DeskConnectionEvent<DeskReadyEvent['detail']>;
  'desk-status': DeskConnectionEvent<DeskStatusEvent['detail']>;
  'call-offered': DeskConnectionEvent<CallOfferedEvent['detail']>;
  'call-withdrawn': DeskConnectionEvent<CallWithdrawnEvent['detail']>;
  'call-accepted': DeskConnectionEvent<CallAcceptedEvent['detail']>;
  'call-connected': DeskConnectionEvent<CallConnected>;
  'call-ended': DeskConnectionEvent<CallEnded>;
  'call-error': DeskConnectionEvent<CallFailure>;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: RtcDeskError) => void;
}

/** The desk in a CRM's page: the contract's methods and events over a private channel. */
export class DeskConnection extends EventTarget {
  readonly #iframe: HTMLIFrameElement;
  readonly #origin: string;
  readonly #timeout: number;
  readonly #stop = new AbortController();
  readonly #calls = new Map<number, Waiting>();
  readonly #openings = new Set<Waiting>();
  #lastId = 0;
  #nonce = '';
  #port: MessagePort | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #status: DeskStatus = 'signed-out';

  constructor(iframe: HTMLIFrameElement, origin: string, timeout: number) {
    super();
    this.#iframe = iframe;
    this.#origin = origin;
    this.#timeout = timeout;
    const { signal } = this.#stop;
    window.addEventListener('message', this.#handleWindowMessage, { signal });
    iframe.addEventListener('load', this.#connect, { signal });
    window.addEventListener('pageshow', this.#handlePageShow, { signal });
    // An iframe with its first, empty document has not loaded yet: nobody would get the message.
    if (iframe.contentDocument?.URL !== 'about:blank') this.#connect();
  }

  /** The desk's last known status; `signed-out` before the first. */
  get status(): DeskStatus {
    return this.#status;
  }

  /** False while the iframe loads or shows another page. */
  get connected(): boolean {
    return this.#port !== null;
  }

  signIn(credentials: Credentials): Promise<void> {
    return this.#call('signIn', credentials);
  }

  signOut(): Promise<void> {
    return this.#call('signOut');
  }

  setStatus(status: ChosenStatus): Promise<void> {
    return this.#call('setStatus', status);
  }

  accept(): Promise<void> {
    return this.#call('accept');
  }

  decline(): Promise<void> {
    return this.#call('decline');
  }

  endCall(): Promise<void> {
    return this.#call('endCall');
  }

  /** Rejects with `disposition-required` if the group requires a disposition and there is none. */
  finishWrapUp(): Promise<void> {
    return this.#call('finishWrapUp');
  }

  /** More time for the wrap-up. */
  extendWrapUp(): Promise<void> {
    return this.#call('extendWrapUp');
  }

  /** The outcome of the call that is wrapped up, runs, or was the last one. `note` becomes the agent's note of it. */
  setDisposition(choice: DispositionChoice): Promise<void> {
    return this.#call('setDisposition', choice);
  }

  /** Disconnects from the desk, which goes on without the CRM. Unanswered methods reject. */
  disconnect(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    clearTimeout(this.#retry);
    this.#close();
    this.#rejectOpenings(new RtcDeskError('offline', 'disconnected from the desk'));
  }

  /** Resolves when the channel is open. */
  opened(): Promise<void> {
    if (this.#port) return Promise.resolve();
    if (this.#stop.signal.aborted) {
      return Promise.reject(new RtcDeskError('offline', 'disconnected from the desk'));
    }
    return new Promise((resolve, reject) => {
      const settle = <A extends unknown[]>(then: (...values: A) => void) => {
        return (...values: A) => {
          clearTimeout(late);
          this.#openings.delete(waiting);
          then(...values);
        };
      };
      const waiting: Waiting = { resolve: settle(resolve), reject: settle(reject) };
      const late = setTimeout(
        () => waiting.reject(new RtcDeskError('offline', 'the desk did not answer in time')),
        this.#timeout,
      );
      this.#openings.add(waiting);
    });
  }

  override addEventListener<N extends BridgeEventName>(
    name: N,
    listener: ((event: DeskConnectionEvents[N]) => void) | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    name: string,
    listener: ((event: never) => void) | EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(name, listener as EventListener | null, options);
  }

  async #call(method: BridgeMethod, argument?: unknown): Promise<void> {
    await this.opened();
    const port = this.#port;
    if (!port) throw new RtcDeskError('offline', 'the desk went away');
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      port.postMessage({ type: 'call', id, method, argument });
    });
  }

  /** Requests a channel from the present document of the iframe. It replaces the earlier channel. */
  readonly #connect = (): void => {
    this.#close();
    this.#nonce = crypto.randomUUID();
    this.#requestChannel();
  };

  /** The page comes back from the back/forward cache: the desk closed the channel when it went there. */
  readonly #handlePageShow = (event: PageTransitionEvent): void => {
    if (event.persisted) this.#connect();
  };

  #requestChannel(): void {
    clearTimeout(this.#retry);
    this.#iframe.contentWindow?.postMessage(
      { rtcDesk: 'connect', version: BRIDGE_VERSION, nonce: this.#nonce },
      this.#origin,
    );
    if (this.#openings.size > 0) this.#retry = setTimeout(() => this.#requestChannel(), RETRY_MS);
  }

  readonly #handleWindowMessage = (event: MessageEvent<unknown>): void => {
    if (event.source !== this.#iframe.contentWindow || event.origin !== this.#origin) return;
    const answer = event.data;
    if (!isConnectAnswer(answer) || answer.nonce !== this.#nonce || this.#port) return;
    clearTimeout(this.#retry);
    if (answer.rtcDesk === 'refused') {
      const code = isErrorCode(answer.code) ? answer.code : 'server-error';
      this.#rejectOpenings(new RtcDeskError(code, `the desk refused ${location.origin}: ${code}`));
      return;
    }
    const port = event.ports[0];
    if (!port || answer.version !== BRIDGE_VERSION) return;
    this.#port = port;
    port.onmessage = (message: MessageEvent<unknown>) => {
      if (port === this.#port && isDeskMessage(message.data)) this.#handle(message.data);
    };
    for (const opening of [...this.#openings]) opening.resolve();
    this.#setStatus(answer.status as DeskStatus);
  };

  #handle(message: DeskMessage): void {
    if (message.type === 'closing') return this.#close();
    if (message.type === 'event') {
      if (message.name === 'desk-status') {
        return this.#setStatus((message.detail as { status: DeskStatus }).status);
      }
      this.dispatchEvent(new DeskConnectionEvent(message.name, message.detail));
      return;
    }
    const call = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if (message.ok) return call?.resolve();
    const code = isErrorCode(message.code) ? message.code : 'server-error';
    call?.reject(new RtcDeskError(code, message.message));
  }

  #setStatus(status: DeskStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.dispatchEvent(new DeskConnectionEvent('desk-status', { status }));
  }

  #rejectOpenings(error: RtcDeskError): void {
    for (const opening of [...this.#openings]) opening.reject(error);
  }

  #close(): void {
    this.#port?.close();
    this.#port = null;
    const gone = new RtcDeskError('offline', 'the desk went away before it answered');
    for (const call of this.#calls.values()) call.reject(gone);
    this.#calls.clear();
  }
}
