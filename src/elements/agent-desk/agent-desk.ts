import { msg } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type {
  AgentDeskControl,
  AgentView,
  ChosenStatus,
  Credentials,
  RoomControl,
} from '../../call/agent-desk-control.ts';
import { LocaleController } from '../../locales/locale-controller.ts';
import { nextTask, StoreController } from '../parts/controllers/store-controller.ts';
import { theme } from '../parts/styles/theme.ts';
import { agentDeskStyles } from './agent-desk-styles.ts';
import { DeskController } from './desk-controller.ts';
import type { DeskRequestEvent } from './desk-requests.ts';
import type { DeskStatus } from './events.ts';
import { deskStatus } from './snapshot-events.ts';

/**
 * The desk of an agent: sign-in, status, the call that rings, the call, and what comes after it.
 *
 * @summary Where an agent takes video calls.
 * @tag agent-desk
 * @attribute {'signed-out' | AgentStatus} status - Reflected: what is true of the agent at this moment.
 * @fires {DeskReadyEvent} desk-ready - The agent is signed in.
 * @fires {DeskStatusEvent} desk-status - The status is another.
 * @fires {CallOfferedEvent} call-offered - A call rings.
 * @fires {CallWithdrawnEvent} call-withdrawn - The call is not this agent's any more, or was not taken.
 * @fires {CallAcceptedEvent} call-accepted - The agent has the call.
 * @fires {CallConnectedEvent} call-connected - Agent and visitor are both in the room.
 * @fires {CallEndedEvent} call-ended - The call is over.
 * @fires {CallErrorEvent} call-error - Something failed; `detail` has a code, a sentence and a hint.
 * @csspart desk - All of it.
 * @csspart header - The agent's name, the status, the tools.
 * @cssproperty --rtc-accent - The one colour of buttons and marks.
 * @cssproperty --rtc-surface - The ground.
 * @cssproperty --rtc-surface-raised - Cards and bars.
 * @cssproperty --rtc-font - The family of fonts.
 * @cssproperty --rtc-radius - How round corners are.
 */
export class AgentDesk extends LitElement {
  static override styles = [theme, agentDeskStyles];

  /** Where the desk's server is when no `server` says so; the script that brings the desk sets it. */
  static defaultServer = '';

  /** The server's address, e.g. `https://desk.example.com`. Default: where the script came from. */
  @property() server = '';

  /** A JWT that the site's backend signed: signs the agent in without a form. */
  @property() token: string | null = null;

  /** `light`, `dark` or `auto`. */
  @property({ reflect: true }) theme: string | null = null;

  /** Takes each call as soon as it rings. */
  @property({ type: Boolean, attribute: 'auto-accept' }) autoAccept = false;

  /** The headless desk. Set before the element is on the page, it takes the place of one for `server`. */
  @property({ attribute: false }) control: AgentDeskControl | null = null;

  readonly #desk = new DeskController(this, () => this.server || AgentDesk.defaultServer);
  readonly #store = new StoreController(this, () => this.control);

  constructor() {
    super();
    new LocaleController(this);
    this.addEventListener('desk-request', this.#handleRequest);
  }

  /** What is true of the agent at this moment; the attribute says the same. */
  get status(): DeskStatus {
    return deskStatus(this.control?.getSnapshot() ?? null);
  }

  /** The room of the call that is under way in this tab, also for what has no control of its own; else null. */
  get room(): RoomControl | null {
    return this.control?.getSnapshot().room ?? null;
  }

  /** Rejects with an RtcDeskError: `unauthorized`, `rate-limited`, `offline`. */
  signIn(credentials: Credentials): Promise<void> {
    return this.#desk.ask((control) => control.signIn(credentials));
  }

  signOut(): Promise<void> {
    return this.#desk.ask((control) => control.signOut());
  }

  setStatus(status: ChosenStatus): Promise<void> {
    return this.#desk.ask((control) => control.setStatus(status));
  }

  /** Takes the call that rings; rejects with `conflict` where none does any more. */
  accept(): Promise<void> {
    return this.#desk.ask((control) => control.accept());
  }

  decline(): Promise<void> {
    return this.#desk.ask((control) => control.decline());
  }

  endCall(): Promise<void> {
    return this.#desk.ask((control) => control.endCall());
  }

  finishWrapUp(): Promise<void> {
    return this.#desk.ask((control) => control.finishWrapUp());
  }

  protected override async scheduleUpdate(): Promise<void> {
    await nextTask();
    super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('token') || changed.has('control')) this.#desk.useToken(this.token);
  }

  protected override render() {
    const snapshot = this.#store.snapshot;
    return html`<div class="desk" part="desk">
        ${
          snapshot?.state === 'signed-in' && snapshot.view
            ? this.#signedIn(snapshot.view)
            : this.#signedOut()
        }
      </div>
      <rtc-desk-toast
        .error=${this.#desk.failure}
        @toast-closed=${() => this.#desk.forgetFailure()}
      ></rtc-desk-toast>`;
  }

  #signedOut() {
    // Until the session of before has been looked for, a form would only flash up.
    if (this.#desk.resuming || this.#store.snapshot?.state === 'signed-in') {
      return html`<div class="loading" aria-busy="true"></div>`;
    }
    return html`<rtc-sign-in-form
      .error=${this.#store.snapshot?.error ?? null}
      .busy=${this.#store.snapshot?.state === 'signing-in'}
    ></rtc-sign-in-form>`;
  }

  #signedIn(view: AgentView) {
    const { clockOffset = 0, online = false } = this.#store.snapshot ?? {};
    const { alarm, pending } = this.#desk;
    return html`<rtc-desk-header
        part="header"
        .view=${view}
        .clockOffset=${clockOffset}
        .online=${online}
        .soundBlocked=${view.inCharge && alarm.ringer.blocked}
        .canNotify=${alarm.notifier.canAsk}
      ></rtc-desk-header>
      <rtc-desk-notices .view=${view} .online=${online}></rtc-desk-notices>
      ${this.#pane(view, clockOffset)}
      <rtc-incoming-call
        .offer=${online ? view.offer : null}
        .clockOffset=${clockOffset}
        .busy=${pending.has('accept') || pending.has('decline')}
        .soundBlocked=${view.inCharge && alarm.ringer.blocked}
      ></rtc-incoming-call>`;
  }

  #pane(view: AgentView, clockOffset: number) {
    const { room = null, lastRoom = null, online = false } = this.#store.snapshot ?? {};
    if (view.call) {
      return html`<rtc-call-view
        .call=${view.call}
        .room=${room}
        .inCharge=${view.inCharge}
        .online=${online}
        .clockOffset=${clockOffset}
      ></rtc-call-view>`;
    }
    if (view.wrapUp) {
      return html`<rtc-wrap-up
        .wrapUp=${view.wrapUp}
        .room=${lastRoom}
        .clockOffset=${clockOffset}
        .busy=${!online || this.#desk.pending.has('finish-wrap-up')}
      ></rtc-wrap-up>`;
    }
    return html`<section class="idle" tabindex="0" aria-label=${msg('Overview')}>
      <rtc-waiting-list
        .calls=${view.waiting}
        .status=${view.status}
        .ringsHere=${view.inCharge && online}
        .clockOffset=${clockOffset}
      ></rtc-waiting-list>
      ${
        view.today
          ? html`<rtc-today-list .today=${view.today} .clockOffset=${clockOffset}></rtc-today-list>`
          : nothing
      }
    </section>`;
  }

  readonly #handleRequest = (event: DeskRequestEvent): void => {
    event.stopPropagation();
    this.#desk.handleWish(event.detail);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'agent-desk': AgentDesk;
  }
}
