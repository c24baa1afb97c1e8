import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type {
  AgentDeskControl,
  AgentDeskSnapshot,
  Credentials,
  PasswordChange,
} from '../../call/agent-desk-control.ts';
import { createAgentDesk } from '../../call/create-agent-desk.ts';
import { activeLeg, offeredLeg, ringingLeg } from '../../call/own-legs.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import { handleRequests, type RequestName } from '../parts/events/requests.ts';
import { tellError } from '../parts/texts/error-text.ts';
import { CallAlarm } from './alerts/call-alarm.ts';
import type { PasswordChangeState } from './password/change-password.ts';
import { deskStatus, signedInView, snapshotEvents } from './snapshot-events.ts';

interface Host extends ReactiveControllerHost, HTMLElement {
  control: AgentDeskControl | null;
  readonly autoAccept: boolean;
  readonly token: string | null;
  readonly site: string | null;
}

/**
 * Stands between the headless desk and the page: asks, dispatches events, rings, warns before the page is
 * left. It lives with the element: off the page nothing rings and no socket is open.
 */
export class DeskController implements ReactiveController {
  readonly alarm: CallAlarm;
  /** The requests that are not answered yet. */
  readonly pending = new Set<RequestName>();
  /** Why the last request failed. */
  failure: ErrorCode | null = null;
  /** What has become of the last change of the password: null before it, or why it failed. */
  passwordChange: PasswordChangeState = null;
  /** True while the session from before a reload is looked for. */
  resuming = false;
  readonly #host: Host;
  readonly #findServer: () => string;
  #open = false;
  #followed: AgentDeskControl | null = null;
  #own: AgentDeskControl | null = null;
  #stop: (() => void) | null = null;
  #last: AgentDeskSnapshot | null = null;
  /** The leg that `auto-accept` has accepted. */
  #autoAccepted: string | null = null;
  /** The leg that the agent is accepting or has accepted. It rings again only if that fails. */
  #answered: string | null = null;
  #usedToken: string | null = null;

  /** `withSite` adds the desk's site to credentials that name none. */
  constructor(
    host: Host,
    findServer: () => string,
    withSite: (credentials: Credentials) => Credentials,
  ) {
    this.#host = host;
    this.#findServer = findServer;
    this.alarm = new CallAlarm(() => host.requestUpdate());
    host.addController(this);
    handleRequests(host, {
      'sign-in-request': (credentials) =>
        this.#ask('sign-in-request', (control) => control.signIn(withSite(credentials))),
      'sign-out-request': () => this.#ask('sign-out-request', (control) => control.signOut()),
      'change-password-request': (change) => void this.#changePassword(change),
      'status-request': ({ status }) =>
        this.#ask('status-request', (control) => control.setStatus(status)),
      'accept-request': () => this.#accept(),
      'decline-request': () => this.#ask('decline-request', (control) => control.decline()),
      'end-call-request': () => this.#ask('end-call-request', (control) => control.endCall()),
      'finish-wrap-up-request': () =>
        this.#ask('finish-wrap-up-request', (control) => control.finishWrapUp()),
      'extend-wrap-up-request': () =>
        this.#ask('extend-wrap-up-request', (control) => control.extendWrapUp()),
      'disposition-request': (choice) => this.#write((control) => control.setDisposition(choice)),
      'note-request': ({ callId, text }) =>
        this.#write((control) => control.saveNote(callId, text)),
      'tags-request': ({ callId, tags }) => this.#write((control) => control.setTags(callId, tags)),
      'activate-tab-request': () =>
        this.#ask('activate-tab-request', (control) => control.activateTab()),
      'recording-request': ({ step }) =>
        this.#ask('recording-request', (control) => control.changeRecording(step)),
      'sound-request': () => void this.alarm.ringer.turnOn(),
      'notifications-request': () =>
        void this.alarm.notifier.ask().then(() => host.requestUpdate()),
    });
  }

  hostConnected(): void {
    if (this.#open) return;
    this.#open = true;
    this.alarm.open();
    window.addEventListener('beforeunload', this.#handleBeforeUnload);
    if (!this.#host.control) {
      this.#own = createAgentDesk({
        server: this.#findServer() || location.origin,
        findSite: () => this.#host.site,
      });
      this.#host.control = this.#own;
    }
    this.#follow();
  }

  hostUpdate(): void {
    if (this.#host.isConnected) this.#follow();
  }

  /** An element that is only moved is back before the microtask, and its call goes on. */
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

  /** Signs in with the attribute's token, once for each token. Without one a stored session goes on. */
  useToken(token: string | null): void {
    if (!this.#followed || token === this.#usedToken) return;
    this.#usedToken = token;
    if (token !== null) this.#ask('sign-in-request', (control) => control.signIn({ token }));
  }

  /** Runs a method of the element. A failure is both an event and a rejection. */
  async run(method: (control: AgentDeskControl) => Promise<void>): Promise<void> {
    const control = this.#host.control;
    try {
      if (!control) throw new RtcDeskError('offline', 'the desk is not on a page');
      await method(control);
    } catch (error) {
      const code = error instanceof RtcDeskError ? error.code : 'server-error';
      await tellError(this.#host, code);
      throw error;
    }
  }

  forgetFailure(): void {
    this.failure = null;
    this.#host.requestUpdate();
  }

  /** The form shows the outcome. */
  async #changePassword(change: PasswordChange): Promise<void> {
    if (this.passwordChange === 'busy') return;
    this.passwordChange = 'busy';
    this.#host.requestUpdate();
    try {
      await this.run((control) => control.changePassword(change));
      this.passwordChange = 'done';
    } catch (error) {
      this.passwordChange = error instanceof RtcDeskError ? error.code : 'server-error';
    }
    this.#host.requestUpdate();
  }

  /** The ringing stops with the press, before the server answers. */
  #accept(): void {
    const view = signedInView(this.#last);
    this.#silence((view && offeredLeg(view)?.id) ?? null);
    this.#ask('accept-request', (control) =>
      control.accept().catch((error: unknown) => {
        this.#silence(null);
        throw error;
      }),
    );
  }

  #silence(leg: string | null): void {
    this.#answered = leg;
    this.alarm.follow(this.#last, leg);
  }

  /**
   * Answers a request from inside the desk. A failure is an event, and a toast; the sign-in form shows its
   * own failure from the snapshot.
   */
  #ask(name: RequestName, run: (control: AgentDeskControl) => Promise<void>): void {
    if (this.pending.has(name) && name !== 'status-request') return;
    this.pending.add(name);
    this.failure = null;
    this.#host.requestUpdate();
    this.run(run)
      .catch((error: unknown) => {
        if (name === 'sign-in-request') return;
        this.failure = error instanceof RtcDeskError ? error.code : 'server-error';
      })
      .finally(() => {
        this.pending.delete(name);
        this.#host.requestUpdate();
      });
  }

  /** What is written down goes in its order, also while an earlier one is under way. A failure is a toast. */
  #write(run: (control: AgentDeskControl) => Promise<void>): void {
    this.failure = null;
    this.run(run).catch((error: unknown) => {
      this.failure = error instanceof RtcDeskError ? error.code : 'server-error';
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
      // The snapshot has the reason as well, and the form shows it.
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
    this.#autoAccept(snapshot);
    this.alarm.follow(snapshot, this.#answered);
  }

  /** Tries once for each offer, in the active tab. */
  #autoAccept(snapshot: AgentDeskSnapshot): void {
    const view = signedInView(snapshot);
    const leg = this.#host.autoAccept && view ? ringingLeg(view) : null;
    if (!leg || leg.id === this.#autoAccepted) return;
    this.#autoAccepted = leg.id;
    this.#accept();
  }

  readonly #handleBeforeUnload = (event: BeforeUnloadEvent): void => {
    const view = signedInView(this.#last);
    if (view?.activeTab && activeLeg(view)) event.preventDefault();
  };
}
