import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type {
  AgentDeskControl,
  AgentDeskSnapshot,
  Credentials,
} from '../../call/agent-desk-control.ts';
import { createAgentDesk } from '../../call/create-agent-desk.ts';
import { tellError } from '../parts/texts/error-text.ts';
import { CallAlarm } from './alerts/call-alarm.ts';
import { RtcDeskError, type ErrorCode } from './desk-error.ts';
import type { DeskWish } from './desk-requests.ts';
import { deskStatus, signedInView, snapshotEvents } from './snapshot-events.ts';

interface Host extends ReactiveControllerHost, HTMLElement {
  control: AgentDeskControl | null;
  readonly autoAccept: boolean;
  readonly token: string | null;
}

/**
 * What `<agent-desk>` does between the headless desk and the page: asks, tells, rings, warns. It lives
 * with the element: off the page nothing rings and no socket is open.
 */
export class DeskController implements ReactiveController {
  readonly alarm: CallAlarm;
  /** The wishes whose answer has not come yet. */
  readonly pending = new Set<DeskWish['wish']>();
  /** What a part of the desk asked for and did not get. */
  failure: ErrorCode | null = null;
  /** The session of before a reload is being looked for. */
  resuming = false;
  readonly #host: Host;
  readonly #findServer: () => string;
  #open = false;
  #followed: AgentDeskControl | null = null;
  #own: AgentDeskControl | null = null;
  #stop: (() => void) | null = null;
  #last: AgentDeskSnapshot | null = null;
  /** The offer that accepted itself. */
  #answered: string | null = null;
  /** The offer that is being accepted, or was: it rings again only where that fails. */
  #quiet: string | null = null;
  #usedToken: string | null = null;

  constructor(host: Host, findServer: () => string) {
    this.#host = host;
    this.#findServer = findServer;
    this.alarm = new CallAlarm(() => host.requestUpdate());
    host.addController(this);
  }

  hostConnected(): void {
    if (this.#open) return;
    this.#open = true;
    this.alarm.open();
    window.addEventListener('beforeunload', this.#handleBeforeUnload);
    if (!this.#host.control) {
      this.#own = createAgentDesk({ server: this.#findServer() || location.origin });
      this.#host.control = this.#own;
    }
    this.#follow();
  }

  hostUpdate(): void {
    if (this.#host.isConnected) this.#follow();
  }

  /** An element that is only moved is back before the microtask: its call goes on. */
  hostDisconnected(): void {
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.#close();
    });
  }

  #close(): void {
    this.#open = false;
    window.removeEventListener('beforeunload', this.#handleBeforeUnload);
    this.alarm.close();
    this.#letGo();
    this.#own?.disconnect();
    if (this.#host.control === this.#own) this.#host.control = null;
    this.#own = null;
  }

  /** Signs in with the token of the attribute, once for each; without one goes on with a session kept. */
  useToken(token: string | null): void {
    if (!this.#followed || token === this.#usedToken) return;
    this.#usedToken = token;
    if (token !== null) this.#askQuietly('sign-in', (control) => control.signIn({ token }));
  }

  /** A method of the element: a failure is told as an event and as a rejection. */
  async ask(wish: (control: AgentDeskControl) => Promise<void>): Promise<void> {
    const control = this.#host.control;
    try {
      if (!control) throw new RtcDeskError('offline', 'the desk is not on a page');
      await wish(control);
    } catch (error) {
      const code = error instanceof RtcDeskError ? error.code : 'server-error';
      await tellError(this.#host, code);
      throw error;
    }
  }

  /** What a part of the desk asks for. */
  handleWish(wish: DeskWish): void {
    switch (wish.wish) {
      case 'sign-in':
        return this.#signIn(wish.credentials);
      case 'sign-out':
        return this.#askQuietly(wish.wish, (control) => control.signOut());
      case 'set-status':
        return this.#askQuietly(wish.wish, (control) => control.setStatus(wish.status));
      case 'accept':
        return this.#accept();
      case 'decline':
        return this.#askQuietly(wish.wish, (control) => control.decline());
      case 'end-call':
        return this.#askQuietly(wish.wish, (control) => control.endCall());
      case 'finish-wrap-up':
        return this.#askQuietly(wish.wish, (control) => control.finishWrapUp());
      case 'take-charge':
        return this.#askQuietly(wish.wish, (control) => control.takeCharge());
      case 'turn-on-sound':
        return void this.alarm.ringer.turnOn();
      case 'allow-notifications':
        void this.alarm.notifier.ask().then(() => this.#host.requestUpdate());
    }
  }

  forgetFailure(): void {
    this.failure = null;
    this.#host.requestUpdate();
  }

  /** Whoever answers need not be called any more. */
  #accept(): void {
    this.#hush(signedInView(this.#last)?.offer?.id ?? null);
    this.#askQuietly('accept', (control) =>
      control.accept().catch((error: unknown) => {
        this.#hush(null);
        throw error;
      }),
    );
  }

  #hush(offer: string | null): void {
    this.#quiet = offer;
    this.alarm.follow(this.#last, offer);
  }

  /** The form shows why from the snapshot, so there is no toast. */
  #signIn(credentials: Credentials): void {
    this.#askQuietly('sign-in', (control) => control.signIn(credentials));
  }

  /** Asks for somebody who waits for no promise: a failure is an event, and shown. */
  #askQuietly(wish: DeskWish['wish'], run: (control: AgentDeskControl) => Promise<void>): void {
    if (this.pending.has(wish) && wish !== 'set-status') return;
    this.pending.add(wish);
    this.failure = null;
    this.#host.requestUpdate();
    this.ask(run)
      .catch((error: unknown) => {
        if (wish === 'sign-in') return;
        this.failure = error instanceof RtcDeskError ? error.code : 'server-error';
      })
      .finally(() => {
        this.pending.delete(wish);
        this.#host.requestUpdate();
      });
  }

  #follow(): void {
    const { control } = this.#host;
    if (control === this.#followed) return;
    this.#letGo();
    this.#followed = control;
    if (!control) return;
    this.#stop = control.subscribe(() => this.#handleSnapshot(control.getSnapshot()));
    this.#handleSnapshot(control.getSnapshot());
    if (control.getSnapshot().state === 'signed-out' && this.#host.token === null) {
      void this.#resume(control);
    }
  }

  async #resume(control: AgentDeskControl): Promise<void> {
    this.resuming = true;
    try {
      await control.resume();
    } catch (error) {
      // The snapshot says why as well, and the form shows it.
      console.warn('rtc-desk: the session could not be resumed', error);
    } finally {
      this.resuming = false;
      this.#host.requestUpdate();
    }
  }

  #letGo(): void {
    this.#stop?.();
    this.#stop = null;
    this.#followed = null;
    this.#last = null;
    this.#usedToken = null;
    this.alarm.follow(null);
  }

  #handleSnapshot(snapshot: AgentDeskSnapshot): void {
    const before = this.#last;
    this.#last = snapshot;
    this.#host.setAttribute('status', deskStatus(snapshot));
    for (const event of snapshotEvents(before, snapshot)) this.#host.dispatchEvent(event);
    this.#acceptByItself(snapshot);
    this.alarm.follow(snapshot, this.#quiet);
  }

  /** One try for each offer, in the tab that rings. */
  #acceptByItself(snapshot: AgentDeskSnapshot): void {
    const view = signedInView(snapshot);
    const offer = this.#host.autoAccept && view?.inCharge ? view.offer : null;
    if (!offer || offer.id === this.#answered) return;
    this.#answered = offer.id;
    this.handleWish({ wish: 'accept' });
  }

  readonly #handleBeforeUnload = (event: BeforeUnloadEvent): void => {
    const view = signedInView(this.#last);
    if (view?.call && view.inCharge) event.preventDefault();
  };
}
