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
 * @summary A button that asks for a video call with an agent, and the call that follows.
 *
 * Only the button itself is loaded with the page. The rest is loaded at the press, or when the pointer or
 * the focus reaches the button. An element that is removed from the page, and not merely moved, ends its call.
 *
 * @fires call-choosing - A step of the flow is shown. `detail`: `{callId, node}`
 * @fires call-queued - The call waits in the queue; again whenever the place or the estimate changes. `detail`: `{callId, position, estimate}`
 * @fires call-ringing - An agent is being connected.
 * @fires call-connected - Visitor and agent are in the room. `detail`: `{callId}`
 * @fires call-ended - The call is over. `detail`: `{callId, reason, seconds}`
 * @fires call-error - Something failed. `detail`: `{code, message, hint}`
 *
 * @csspart button - The button.
 * @csspart icon - Its icon.
 * @csspart label - Its text.
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

  static override styles = buttonFaceStyles;

  static override properties = {
    site: {},
    server: {},
    skill: {},
    flow: {},
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
  protected broken = false;

  readonly #face = makeButtonFace();
  /** A page may set its language after the button is on it. */
  readonly #pageLanguage = new MutationObserver(() => this.requestUpdate());
  #call: ButtonCall | null = null;
  #opening: Promise<ButtonCall> | null = null;
  /** The call from before a reload could not be looked for yet, because its code could not be loaded. */
  #resumeOwed = false;
  #hangUps = 0;

  /** The room of the call, for features without a control of their own; null without a call. */
  get room(): RoomControl | null {
    return this.#call?.room ?? null;
  }

  /** Asks for a call, or shows the call that is under way. Rejects with an error that has a `code`. */
  async call(): Promise<void> {
    const hangUps = this.#hangUps;
    const call = await this.#open();
    // While the code was loading, the button was removed or the visitor hung up.
    if (!this.isConnected || hangUps !== this.#hangUps) return;
    if (this.#resumeOwed) {
      this.#resumeOwed = false;
      if (await call.resume()) return;
    }
    await call.start();
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
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#pageLanguage.disconnect();
    // Frameworks move an element by removing it and inserting it again at once.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#call?.dispose();
      this.#call = null;
    });
  }

  protected override firstUpdated(): void {
    if (this.#isStored(':c')) {
      import('../callback/ring.ts').then((ring) => ring.ringAt(this)).catch(() => {}); // The next page rings.
    }
    if (!this.#isStored('')) return;
    this.#resumeOwed = true;
    this.#open()
      .then((call) => {
        if (!this.isConnected) return false;
        this.#resumeOwed = false;
        return call.resume();
      })
      .catch(() => {
        // The button and `call-error` have told the failure. The next press looks again.
      });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.hasUpdated && (changed.has('server') || changed.has('site'))) {
      this.#call?.dispose();
      this.#call = null;
    }
    if (changed.has('lang') || changed.has('theme')) this.#call?.followButton();
  }

  protected override createRenderRoot(): ShadowRoot {
    const root = super.createRenderRoot() as ShadowRoot;
    const { button } = this.#face;
    button.addEventListener('click', () => this.#press());
    button.addEventListener('pointerenter', () => this.#preload());
    button.addEventListener('focus', () => this.#preload());
    root.append(this.#face.root);
    return root;
  }

  protected override update(changed: PropertyValues<this>): void {
    super.update(changed);
    const { button, label, alert } = this.#face;
    const texts = buttonTexts(this);
    label.textContent = this.label || texts.label;
    button.ariaBusy = `${this.loading}`;
    alert.textContent = this.broken ? `${texts.failed} ${texts.hint}` : '';
  }

  #press(): void {
    // The page, `state` and `call-error` tell a failure.
    this.call().catch(() => {});
  }

  #preload(): void {
    // The press loads the code again, and tells a failure.
    this.loadCall().catch(() => {});
  }

  /** Whether an earlier page has stored a call, or the code of a callback (elements/callback/callback-codes.ts). */
  #isStored(suffix: '' | ':c'): unknown {
    try {
      const desk = new URL('/', this.serverAddress).href;
      return this.site && localStorage.getItem(resumeKey(desk, this.site) + suffix);
    } catch {
      return undefined; // Storage is blocked, so that nothing was stored.
    }
  }

  #open(): Promise<ButtonCall> {
    if (this.#call) return Promise.resolve(this.#call);
    return (this.#opening ??= this.#makeCall().finally(() => (this.#opening = null)));
  }

  async #makeCall(): Promise<ButtonCall> {
    this.loading = true;
    this.broken = false;
    try {
      const { ButtonCall } = await this.loadCall();
      return (this.#call = new ButtonCall(this));
    } catch (cause) {
      const { failed: message, hint } = buttonTexts(this);
      // The pinned copy of the script gives a code (embed/verified-chunks.ts).
      const { code = 'offline' } = cause as { code?: 'script-changed' };
      this.broken = true;
      this.state = 'failed';
      this.dispatchEvent(new CallErrorEvent({ code, message, hint }));
      throw Object.assign(new Error(message, { cause }), { code });
    } finally {
      this.loading = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'video-call-button': VideoCallButton;
  }
}
