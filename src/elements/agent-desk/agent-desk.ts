import { msg } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type {
  AgentDeskControl,
  Credentials,
  DispositionChoice,
} from '../../call/agent-desk-control.ts';
import { activeLeg, offeredLeg, ringingLeg, wrapUpLeg } from '../../call/own-legs.ts';
import type { RoomControl } from '../../call/room-control.ts';
import { LocaleController } from '../../locales/locale-controller.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { AgentView, ChosenStatus } from '../../protocol/views.ts';
import { FocusKeeper, type FocusPlace } from '../parts/controllers/focus-keeper.ts';
import { nextTask, StoreController } from '../parts/controllers/store-controller.ts';
import { handleRequests } from '../parts/events/requests.ts';
import { theme } from '../parts/styles/theme.ts';
import { agentDeskStyles } from './agent-desk-styles.ts';
import type { CallView } from './call/call-view.ts';
import { DeskController } from './desk-controller.ts';
import type { DeskStatus } from './events.ts';
import type { PastCallDialog } from './history/past-call-dialog.ts';
import { deskStatus } from './snapshot-events.ts';

/**
 * An agent's desk: sign-in, status, the incoming call, the call and its wrap-up.
 *
 * @summary Where an agent takes video calls.
 * @tag agent-desk
 * @attribute {'signed-out' | AgentStatus} status - Reflected: the agent's status at this moment.
 * @fires {DeskReadyEvent} desk-ready - The agent is signed in.
 * @fires {DeskStatusEvent} desk-status - The status has changed.
 * @fires {CallOfferedEvent} call-offered - A call rings.
 * @fires {CallWithdrawnEvent} call-withdrawn - The call is no longer this agent's, or was not accepted.
 * @fires {CallAcceptedEvent} call-accepted - The agent has the call.
 * @fires {CallConnectedEvent} call-connected - Agent and visitor are both in the room.
 * @fires {CallEndedEvent} call-ended - The call is over.
 * @fires {CallErrorEvent} call-error - Something failed; `detail` has a code, a sentence and a hint.
 * @csspart desk - The whole desk.
 * @csspart header - The agent's name, the status, the tools.
 * @cssproperty --rtc-accent - Main buttons, marks, focus.
 * @cssproperty --rtc-on-accent - Text on the accent.
 * @cssproperty --rtc-surface - The background.
 * @cssproperty --rtc-surface-raised - Cards and bars.
 * @cssproperty --rtc-surface-sunken - The background of fields, places in the queue and others' messages.
 * @cssproperty --rtc-text - Text.
 * @cssproperty --rtc-text-quiet - Secondary text.
 * @cssproperty --rtc-line - Separating lines.
 * @cssproperty --rtc-danger - Ending a call, failures, switched-off devices.
 * @cssproperty --rtc-on-danger - Text on the danger colour.
 * @cssproperty --rtc-ok - What is available, verified or done.
 * @cssproperty --rtc-warn - Warnings, and long waits.
 * @cssproperty --rtc-font - The font family.
 * @cssproperty --rtc-radius - The radius of corners.
 */
export class AgentDesk extends LitElement {
  static override styles = [theme, agentDeskStyles];

  /** The server of desks without a `server` attribute. The script that defines the desk sets it. */
  static defaultServer = '';

  /** The server's address, e.g. `https://desk.example.com`. Default: the origin of the script. */
  @property() server = '';

  /** The site whose agents sign in here. It may be left out on a server with one site. */
  @property() site: string | null = null;

  /** A JWT that the site's backend signed. It signs the agent in without a form. */
  @property() token: string | null = null;

  /** `light`, `dark` or `auto`. */
  @property({ reflect: true }) theme: string | null = null;

  /** Accepts each call as soon as it rings. */
  @property({ type: Boolean, attribute: 'auto-accept' }) autoAccept = false;

  /** The headless desk. Unless it is set before the element is on the page, the element makes one for `server`. */
  @property({ attribute: false }) control: AgentDeskControl | null = null;

  readonly #desk = new DeskController(
    this,
    () => this.server || AgentDesk.defaultServer,
    (credentials) => this.#withSite(credentials),
  );
  readonly #store = new StoreController(this, () => this.control);

  constructor() {
    super();
    new LocaleController(this);
    new FocusKeeper(this, () => this.#focusPlace());
    // The shortcuts of the room work wherever the focus is in the desk.
    this.addEventListener('keydown', (event) => {
      this.renderRoot.querySelector<CallView>('rtc-call-view')?.handleShortcut(event);
    });
    handleRequests(this, {
      'past-call-request': ({ callId }) =>
        void this.renderRoot.querySelector<PastCallDialog>('rtc-past-call-dialog')?.show(callId),
    });
  }

  /** The agent's status at this moment; the same as the attribute. */
  get status(): DeskStatus {
    return deskStatus(this.control?.getSnapshot() ?? null);
  }

  /** The room of the call in this tab, for features without a control of their own; null without a call. */
  get room(): RoomControl | null {
    return this.control?.getSnapshot().room ?? null;
  }

  /** Rejects with an RtcDeskError: `unauthorized`, `rate-limited`, `offline`. */
  signIn(credentials: Credentials): Promise<void> {
    return this.#desk.run((control) => control.signIn(this.#withSite(credentials)));
  }

  signOut(): Promise<void> {
    return this.#desk.run((control) => control.signOut());
  }

  setStatus(status: ChosenStatus): Promise<void> {
    return this.#desk.run((control) => control.setStatus(status));
  }

  /** Accepts the call that rings. Rejects with `conflict` if none rings any more. */
  accept(): Promise<void> {
    return this.#desk.run((control) => control.accept());
  }

  decline(): Promise<void> {
    return this.#desk.run((control) => control.decline());
  }

  endCall(): Promise<void> {
    return this.#desk.run((control) => control.endCall());
  }

  /** Rejects with `disposition-required` if the group requires a disposition and there is none. */
  finishWrapUp(): Promise<void> {
    return this.#desk.run((control) => control.finishWrapUp());
  }

  /** More time for the wrap-up. Rejects with `conflict` if it has its longest time. */
  extendWrapUp(): Promise<void> {
    return this.#desk.run((control) => control.extendWrapUp());
  }

  /** The outcome of the call that is wrapped up, runs, or was the last one; with `note` also the agent's note. */
  setDisposition(choice: DispositionChoice): Promise<void> {
    return this.#desk.run((control) => control.setDisposition(choice));
  }

  /** Throws `forbidden`: the desk of a site signs in agents of that site, whatever an embedding page says. */
  #withSite(credentials: Credentials): Credentials {
    if ('token' in credentials || !this.site) return credentials;
    if (credentials.site !== undefined && credentials.site !== this.site) {
      throw new RtcDeskError('forbidden', 'this desk is another site’s');
    }
    return { ...credentials, site: this.site };
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

  /** Null as a target: an answer is on its way, and the focus waits for it. */
  #focusPlace(): FocusPlace {
    const { state, error, view } = this.#store.snapshot ?? {};
    const leg = view && (offeredLeg(view) ?? activeLeg(view) ?? wrapUpLeg(view));
    const name = `${state} ${error} ${leg?.id} ${leg?.state}`;
    const target = this.renderRoot.querySelector<HTMLElement>(
      'rtc-call-view, rtc-wrap-up, .idle, rtc-sign-in-form',
    );
    return { name, target: state === 'signing-in' ? null : target };
  }

  #signedOut() {
    // While the session from before is looked for, a form would only flash up.
    if (this.#desk.resuming || this.#store.snapshot?.state === 'signed-in') {
      return html`<div class="loading" aria-busy="true"></div>`;
    }
    return html`<rtc-sign-in-form
      .error=${this.#store.snapshot?.error ?? null}
      .busy=${this.#store.snapshot?.state === 'signing-in'}
    ></rtc-sign-in-form>`;
  }

  #signedIn(view: AgentView) {
    const { clockOffset = 0, online = false, byPassword = false } = this.#store.snapshot ?? {};
    const { alarm, pending } = this.#desk;
    const inCall = activeLeg(view) !== null;
    const header = html`<rtc-desk-header
        part="header"
        slot="header"
        ?compact=${inCall}
        .view=${view}
        .clockOffset=${clockOffset}
        .online=${online}
        .soundBlocked=${view.activeTab && alarm.ringer.blocked}
        .canNotify=${alarm.notifier.canAsk}
        .byPassword=${byPassword}
        .passwordChange=${this.#desk.passwordChange}
      ></rtc-desk-header>
      <rtc-desk-notices slot="notices" .view=${view} .online=${online}></rtc-desk-notices>`;
    return html`${inCall ? nothing : header} ${this.#pane(view, clockOffset, header)}
      <rtc-incoming-call
        .leg=${online ? ringingLeg(view) : null}
        .clockOffset=${clockOffset}
        .busy=${pending.has('accept-request') || pending.has('decline-request')}
        .soundBlocked=${view.activeTab && alarm.ringer.blocked}
        .records=${this.control?.records ?? null}
      ></rtc-incoming-call>
      <rtc-past-call-dialog
        .records=${this.control?.records ?? null}
        .clockOffset=${clockOffset}
      ></rtc-past-call-dialog>`;
  }

  /** In a call its bar holds the header, so that there is one row above the picture. */
  #pane(view: AgentView, clockOffset: number, header: TemplateResult) {
    const { room = null, lastRoom = null, online = false } = this.#store.snapshot ?? {};
    const leg = activeLeg(view);
    if (leg) {
      return html`<rtc-call-view
        .leg=${leg}
        .room=${room}
        .activeTab=${view.activeTab}
        .online=${online}
        .clockOffset=${clockOffset}
        .waiting=${waitingNumber(view)}
        .agent=${view.agent}
        .records=${this.control?.records ?? null}
        >${header}</rtc-call-view
      >`;
    }
    const over = wrapUpLeg(view);
    if (over) {
      return html`<rtc-wrap-up
        .leg=${over}
        .room=${lastRoom}
        .clockOffset=${clockOffset}
        .busy=${!online || this.#desk.pending.has('finish-wrap-up-request')}
        .records=${this.control?.records ?? null}
      ></rtc-wrap-up>`;
    }
    return html`<section class="idle" tabindex="0" aria-label=${msg('Overview')}>
      <rtc-queue-list .queues=${view.queues} .clockOffset=${clockOffset}></rtc-queue-list>
      <rtc-waiting-list
        .calls=${view.waiting}
        .status=${view.status}
        .ringsHere=${view.activeTab && online}
        .clockOffset=${clockOffset}
      ></rtc-waiting-list>
      ${
        view.today
          ? html`<rtc-today-list .today=${view.today} .clockOffset=${clockOffset}></rtc-today-list>`
          : nothing
      }
      <rtc-follow-up-list
        .records=${this.control?.records ?? null}
        .agent=${view.agent.id}
        .groups=${view.agent.groups}
      ></rtc-follow-up-list>
    </section>`;
  }
}

/** How many wait in all groups of the agent. */
const waitingNumber = ({ queues }: AgentView): number =>
  queues.reduce((sum, { waiting }) => sum + waiting, 0);

declare global {
  interface HTMLElementTagNameMap {
    'agent-desk': AgentDesk;
  }
}
