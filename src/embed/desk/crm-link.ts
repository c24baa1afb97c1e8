import type { AgentDesk } from '../../elements/agent-desk/agent-desk.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import {
  BRIDGE_EVENTS,
  BRIDGE_VERSION,
  isCallMessage,
  isConnectMessage,
  type CallMessage,
  type DeskMessage,
} from '../crm-messages.ts';
import { isChosenStatus, isCredentials, isDispositionChoice } from './method-arguments.ts';

/** The events of a call. They are stored while it rings or runs, for a CRM that connects in the middle. */
const FIRST_EVENT = 'call-offered';
const NEXT_EVENTS: readonly string[] = ['call-accepted', 'call-connected'];
const LAST_EVENTS: readonly string[] = ['call-withdrawn', 'call-ended'];

export interface CrmLinkOptions {
  readonly desk: AgentDesk;
  /** The window that embeds the desk. Only its page may connect. */
  readonly crm: Window;
  /** Reads the allowed origins besides the desk's own. Called again after a failure. */
  readonly readOrigins: () => Promise<readonly string[]>;
}

/** The desk's side of the bridge. It answers the embedding page if that page's origin is allowed. */
export class CrmLink {
  readonly #options: CrmLinkOptions;
  readonly #stop = new AbortController();
  #origins: Promise<readonly string[]> | null = null;
  #port: MessagePort | null = null;
  #callEvents: DeskMessage[] = [];

  constructor(options: CrmLinkOptions) {
    this.#options = options;
    const { signal } = this.#stop;
    window.addEventListener('message', (event) => void this.#handleWindowMessage(event), {
      signal,
    });
    window.addEventListener('pagehide', () => this.#closePort(), { signal });
    for (const name of BRIDGE_EVENTS) {
      options.desk.addEventListener(
        name,
        (event) => this.#handleDeskEvent({ type: 'event', name, detail: event.detail }),
        { signal },
      );
    }
  }

  close(): void {
    this.#stop.abort();
    this.#closePort();
  }

  async #handleWindowMessage(event: MessageEvent<unknown>): Promise<void> {
    const { crm, desk } = this.#options;
    const { data, origin } = event;
    // A sandboxed page has the origin `null`: no message can be posted to it.
    if (event.source !== crm || origin === 'null' || !isConnectMessage(data)) return;
    const answer = { version: BRIDGE_VERSION, nonce: data.nonce };
    const refuse = (code: string) =>
      crm.postMessage({ rtcDesk: 'refused', ...answer, code }, origin);

    let origins: readonly string[];
    try {
      origins = await this.#readOrigins();
    } catch {
      // The desk is offline. The CRM asks again every second, until its timeout, and then rejects with `offline`.
      return;
    }
    if (this.#stop.signal.aborted) return;
    if (origin !== location.origin && !origins.includes(origin)) {
      return refuse('origin-not-allowed');
    }
    if (data.version !== BRIDGE_VERSION) return refuse('unsupported-protocol');

    this.#closePort();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = (message: MessageEvent<unknown>) => {
      if (isCallMessage(message.data)) void this.#run(port1, message.data);
    };
    crm.postMessage({ rtcDesk: 'connected', ...answer, status: desk.status }, origin, [port2]);
    for (const message of this.#callEvents) this.#send(message);
  }

  #readOrigins(): Promise<readonly string[]> {
    this.#origins ??= this.#options.readOrigins().catch((error: unknown) => {
      this.#origins = null;
      throw error;
    });
    return this.#origins;
  }

  async #run(port: MessagePort, { id, method, argument }: CallMessage): Promise<void> {
    let result: DeskMessage = { type: 'result', id, ok: true };
    try {
      await this.#callMethod(method, argument);
    } catch (error) {
      const code = error instanceof RtcDeskError ? error.code : 'server-error';
      const message = error instanceof Error ? error.message : code;
      result = { type: 'result', id, ok: false, code, message };
    }
    port.postMessage(result);
  }

  #callMethod(method: CallMessage['method'], argument: unknown): Promise<void> {
    const { desk } = this.#options;
    if (method === 'signIn') {
      if (isCredentials(argument)) return desk.signIn(argument);
    } else if (method === 'setStatus') {
      if (isChosenStatus(argument)) return desk.setStatus(argument);
    } else if (method === 'setDisposition') {
      if (isDispositionChoice(argument)) return desk.setDisposition(argument);
    } else {
      return desk[method]();
    }
    return Promise.reject(new RtcDeskError('bad-message', `${method} does not take that argument`));
  }

  #handleDeskEvent(message: Extract<DeskMessage, { type: 'event' }>): void {
    if (message.name === FIRST_EVENT) this.#callEvents = [message];
    else if (NEXT_EVENTS.includes(message.name)) this.#callEvents.push(message);
    else if (LAST_EVENTS.includes(message.name)) this.#callEvents = [];
    this.#send(message);
  }

  #send(message: DeskMessage): void {
    this.#port?.postMessage(message);
  }

  #closePort(): void {
    this.#send({ type: 'closing' });
    this.#port?.close();
    this.#port = null;
  }
}
