import { ReactiveElement, type PropertyValues } from '@lit/reactive-element';
import { resumeKey } from '../../call/resume-key.ts';
import type { RoomControl } from '../../call/room-control.ts';
import type { VisitorCallState } from '../../call/visitor-call-control.ts';
import { CallErrorEvent } from '../parts/events/call-error-event.ts';
import type { ButtonCall } from './button-call.ts';
import { buttonFaceStyles } from './button-face-styles.ts';
import { makeButtonFace } from './button-face.ts';
import { buttonTexts } from './button-texts.ts';

/**
 * @tag video-call-button
 * @summary A button that asks for a video call with an agent, and the call that follows.
 *
 * Only the button itself is loaded with the page. The rest is loaded at the press, or when the pointer or
 * the focus reaches the button. The call outlives the element: where a router changes the page, it goes on in the
 * site's next button, else over the page itself. Several buttons of one site on a page share one call.
 *
 * @fires call-choosing - A step of the flow is shown. `detail`: `{callId, node}`
 * @fires call-queued - The call waits in the queue; again whenever the place or the estimate changes. `detail`: `{callId, position, estimate}`
 * @fires call-ringing - An agent is being connected.
 * @fires call-connected - Visitor and agent are in the room. `detail`: `{callId}`
 * @fires call-ended - The call is over. `detail`: `{callId, reason, seconds}`
 * @fires call-error - Something failed. `detail`: `{code, message, hint}`
 *
 * @slot icon - A picture instead of the camera.
 * @slot label - A text instead of `label`, for example with markup.
 *
 * @csspart button - The button.
 * @csspart icon - Its icon.
 * @csspart label - Its text.
 * @csspart wait - The line below it, with `show-wait`.
 *
 * @cssproperty --rtc-accent - The colour of the button and of selected controls.
 * @cssproperty --rtc-on-accent - The colour of text on the accent.
 * @cssproperty --rtc-radius - The radius of corners.
 * @cssproperty --rtc-font - The font family.
 * @cssproperty [--rtc-offset=24px] - A floating button's distance from the edges.
 */
export class VideoCallButton extends ReactiveElement {
  /** The server of elements without a `server` attribute. The script that defines the element sets it. */
  static defaultServer = '';

  /** The calls of this page, by server and site. @internal */
  static readonly calls = new Map<string, ButtonCall>();

  static override styles = buttonFaceStyles;

  static override properties = {
    site: {},
    server: {},
    skill: {},
    flow: {},
    showWait: { attribute: 'show-wait', type: Boolean, reflect: true },
    label: {},
    lang: { reflect: true },
    theme: { reflect: true },
    placement: { reflect: true },
    camera: {},
    visitorName: { attribute: 'visitor-name' },
    identity: {},
    paramsFromUrl: { attribute: 'params-from-url' },
    params: { attribute: false },
    state: { reflect: true },
    loading: { state: true },
    broken: { state: true },
  };

  /** The key of the site, from the desk's owner. */
  site = '';
  /** The desk's address. Default: the origin of the script. */
  server = '';
  /** The skill group to ask for. Default: the site's first. */
  skill = '';
  /** A published flow of the site. With `skill` no flow is run. Default: the site's default flow. */
  flow = '';
  /** Shows the likely wait, or until when it is closed, on the button. */
  showWait = false;
  /** The button's text. */
  label = '';
  /** `light`, `dark`, or `auto` for the visitor's own setting. Default: the page's `color-scheme`. */
  theme: 'light' | 'dark' | 'auto' | null = null;
  /** `inline` in the page's flow; `bottom-end` or `bottom-start` float over the page. */
  placement: 'inline' | 'bottom-end' | 'bottom-start' = 'inline';
  /** The camera of a phone that is opened first: `user`, or `environment` for the one at the back. */
  camera: 'user' | 'environment' = 'user';
  /** The visitor's name, if the page knows it. The agent sees that it is not verified. */
  visitorName = '';
  /** A JWT that the site's backend signed. It verifies name and id. */
  identity = '';
  /** The page's query parameters that the agent gets, by name, separated by spaces or commas. */
  paramsFromUrl = '';
  /** Further facts for the agent: at most 32 entries, 4 KiB as JSON. */
  params: Record<string, string> = {};
  /** The state of the call. Read only. */
  state: VisitorCallState = 'idle';
  protected loading = false;
  /** Why the code of the call could not be loaded; '' for nothing. */
  protected broken = '';

  readonly #face = makeButtonFace();
  /** A page may set its language after the button is on it. */
  readonly #pageLanguage = new MutationObserver(() => this.requestUpdate());
  #hangUps = 0;
  /** The call of the server and site that were set last. */
  #callKey = '';

  /** The room of the call, for features without a control of their own; null without a call. */
  get room(): RoomControl | null {
    return this.#call?.room ?? null;
  }

  get #call(): ButtonCall | undefined {
    return VideoCallButton.calls.get(callKey(this));
  }

  /** Asks for a call, or shows the call that is under way. Rejects with an error that has a `code`. */
  async call(): Promise<void> {
    const hangUps = this.#hangUps;
    // The room measures from here to the first picture.
    performance.mark('rtc-desk');
    const call = await this.#open();
    // While the code was loading, the button was removed or the visitor hung up.
    if (!this.isConnected || hangUps !== this.#hangUps) return;
    await call.start(this);
  }

  /** Cancels a waiting call, leaves a running one. Does nothing without a call. */
  async hangUp(): Promise<void> {
    this.#hangUps++;
    await this.#call?.hangUp();
  }

  override focus(options?: FocusOptions): void {
    this.#face.button.focus(options);
  }

  /** Loads the code of the call. @internal */
  loadCall(): Promise<{ readonly ButtonCall: typeof ButtonCall }> {
    return import('./button-call.ts');
  }

  /** The desk's absolute address. @internal */
  get serverAddress(): string {
    return new URL(this.server || VideoCallButton.defaultServer, document.baseURI).href;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#pageLanguage.observe(document.documentElement, { attributeFilter: ['lang'] });
    this.#call?.adopt(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#pageLanguage.disconnect();
    // Frameworks move an element by removing it and inserting it again at once.
    queueMicrotask(() => {
      if (!this.isConnected) this.#call?.release(this);
    });
  }

  protected override firstUpdated(): void {
    if (!this.#isStored('')) return;
    this.#open()
      .then((call) => this.isConnected && call.resume())
      .catch(() => {
        // The button and `call-error` have told the failure. The next press looks again.
      });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const key = callKey(this);
    if (key !== this.#callKey) {
      VideoCallButton.calls.get(this.#callKey)?.release(this);
      this.#callKey = key;
      this.#call?.adopt(this);
    }
    if (changed.has('lang') || changed.has('theme')) this.#call?.followButton();
  }

  protected override createRenderRoot(): ShadowRoot {
    const root = super.createRenderRoot() as ShadowRoot;
    const { button } = this.#face;
    // The page, `state` and `call-error` tell a failure.
    button.addEventListener('click', () => this.call().catch(() => {}));
    button.addEventListener('pointerenter', () => this.#preload());
    button.addEventListener('focus', () => this.#preload());
    root.append(this.#face.root);
    return root;
  }

  protected override update(changed: PropertyValues<this>): void {
    super.update(changed);
    const { button, label, alert } = this.#face;
    label.textContent = this.label || buttonTexts(this).label;
    button.ariaBusy = `${this.loading}`;
    // At first every property has changed.
    if (changed.has('showWait') && (this.showWait || this.#isStored(':c'))) this.#showBeforePress();
    alert.textContent = this.broken;
  }

  #preload(): void {
    // The press loads the code again, and tells a failure.
    this.loadCall().catch(() => {});
  }

  /** The wait and a ringing callback come after everything that belongs to the page. */
  #showBeforePress(): void {
    const load = (): void => {
      // The press loads other code, and tells a failure.
      import('./before-press.ts').then((module) => module.showBeforePress(this)).catch(() => {});
    };
    if (document.readyState === 'complete') load();
    else addEventListener('load', load);
  }

  /** Whether an earlier page has stored a call, or the code of a callback (elements/callback/callback-codes.ts). */
  #isStored(suffix: '' | ':c'): unknown {
    try {
      // Nothing is stored for a button without a site.
      return localStorage.getItem(
        resumeKey(new URL('/', this.serverAddress).href, this.site) + suffix,
      );
    } catch {
      return undefined; // Storage is blocked, so that nothing was stored.
    }
  }

  /** The site's call on this page. */
  async #open(): Promise<ButtonCall> {
    if (this.#call) return this.#call;
    this.loading = true;
    this.broken = '';
    try {
      const { ButtonCall } = await this.loadCall();
      // Another press, or another button of the site, may have made it meanwhile.
      const call = this.#call ?? new ButtonCall(this);
      VideoCallButton.calls.set(callKey(this), call);
      return call;
    } catch (cause) {
      const { failed: message, hint: advice } = buttonTexts(this);
      // The pinned copy of the script gives a code (embed/verified-chunks.ts). Browsers have no code for a script that
      // they could not fetch, only these words.
      const { code = /fetch|import|load|\.js/i.test(`${cause}`) ? 'offline' : 'page-blocked' } =
        cause as { code?: 'script-changed' };
      const hint = code === 'offline' ? advice : '';
      console.error(`rtc-desk: ${code}`, cause);
      this.broken = `${message} ${hint}`;
      this.state = 'failed';
      this.dispatchEvent(new CallErrorEvent({ code, message, hint }));
      throw Object.assign(new Error(message, { cause }), { code });
    } finally {
      this.loading = false;
    }
  }
}

const callKey = ({ server, site }: Pick<VideoCallButton, 'server' | 'site'>) => `${server} ${site}`;

declare global {
  interface HTMLElementTagNameMap {
    'video-call-button': VideoCallButton;
  }
}
