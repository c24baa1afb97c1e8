import { ReactiveElement, type PropertyValues } from '@lit/reactive-element';
import { resumeKey } from '../../call/resume-key.ts';
import type { RoomControl, VisitorCallState } from '../../call/visitor-call-control.ts';
import { CallErrorEvent } from '../parts/events/call-error-event.ts';
import { makeButtonFace } from './button-face.ts';
import { buttonFaceStyles } from './button-face-styles.ts';
import { buttonTexts } from './button-texts.ts';
import type { VisitorSession } from './visitor-session.ts';

/**
 * @summary A button that puts its visitor in line for an agent, and the call that follows.
 *
 * Everything but the button itself is loaded at the press, or when the pointer or the focus comes near.
 * Taken off the page for good (not merely moved), it ends its call.
 *
 * @fires call-queued - In line; again whenever the place or the estimate changes. `detail`: `{callId, position, estimate}`
 * @fires call-ringing - An agent is being connected.
 * @fires call-connected - Both are in the room. `detail`: `{callId}`
 * @fires call-ended - The call is over. `detail`: `{callId, reason, seconds}`
 * @fires call-error - Something failed. `detail`: `{code, message, hint}`
 *
 * @csspart button - The button.
 * @csspart icon - Its picture.
 * @csspart label - Its text.
 *
 * @cssproperty --rtc-accent - The colour of the button and of what is chosen.
 * @cssproperty --rtc-on-accent - The text on it.
 * @cssproperty --rtc-radius - How round corners are.
 * @cssproperty --rtc-font - The font family.
 * @cssproperty [--rtc-offset=24px] - A floating button's distance from the edges.
 */
export class VideoCallButton extends ReactiveElement {
  /** Where the script that defines the element came from: the `server` of elements that name none. */
  static defaultServer = '';

  static override styles = buttonFaceStyles;

  static override properties = {
    site: {},
    server: {},
    skill: {},
    label: {},
    lang: { reflect: true },
    theme: { reflect: true },
    placement: { reflect: true },
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
  /** The desk's address; by default where the script came from. */
  server = '';
  /** The skill group to ask for; by default the site's first. */
  skill = '';
  /** The button's text. */
  label = '';
  /** `light`, `dark`, or `auto` for the visitor's own setting; by default as the page's `color-scheme`. */
  theme: 'light' | 'dark' | 'auto' | null = null;
  /** `inline` where the element stands, or floating: `bottom-end`, `bottom-start`. */
  placement: 'inline' | 'bottom-end' | 'bottom-start' = 'inline';
  /** The visitor's name, where the page knows it; shown to the agent as not verified. */
  visitorName = '';
  /** A JWT that the site's backend signed: makes name and id trusted. */
  identity = '';
  /** Names of query parameters of this page to hand to the agent, separated by spaces or commas. */
  paramsFromUrl = '';
  /** What else the agent should know: at most 32 entries, 4 KiB as JSON. */
  params: Record<string, string> = {};
  /** Where the call stands. Read only. */
  state: VisitorCallState = 'idle';
  protected loading = false;
  protected broken = false;

  readonly #face = makeButtonFace();
  /** A page may say its language only after the button stands on it. */
  readonly #pageLanguage = new MutationObserver(() => this.requestUpdate());
  #session: VisitorSession | null = null;
  #opening: Promise<VisitorSession> | null = null;
  /** A call of before a reload has not been looked for yet, because its code could not be loaded. */
  #resumeOwed = false;
  #hangUps = 0;

  /** The room of the call that is under way, also for what has no control of its own; else null. */
  get room(): RoomControl | null {
    return this.#session?.room ?? null;
  }

  /** Asks for a call, or shows the one that is under way. Rejects with an error that has a `code`. */
  async call(): Promise<void> {
    const hangUps = this.#hangUps;
    const session = await this.#open();
    // Taken off the page, or taken back, while the code was on its way: nobody would see the call, or want it.
    if (!this.isConnected || hangUps !== this.#hangUps) return;
    if (this.#resumeOwed) {
      this.#resumeOwed = false;
      if (await session.resume()) return;
    }
    await session.start();
  }

  /** Cancels while waiting, leaves while talking; without a call does nothing. */
  async hangUp(): Promise<void> {
    this.#hangUps++;
    await this.#session?.hangUp();
  }

  override focus(options?: FocusOptions): void {
    this.#face.button.focus(options);
  }

  /** The code of the call. @internal */
  loadSession(): Promise<{ readonly VisitorSession: typeof VisitorSession }> {
    return import('./visitor-session.ts');
  }

  /** The address of the desk, absolute. @internal */
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
    // Frameworks move an element by taking it out and putting it in again in one go.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#session?.dispose();
      this.#session = null;
    });
  }

  protected override firstUpdated(): void {
    if (!this.#hasEarlierCall()) return;
    this.#resumeOwed = true;
    this.#open()
      .then((session) => {
        if (!this.isConnected) return false;
        this.#resumeOwed = false;
        return session.resume();
      })
      .catch(() => {
        // Told on the page and by `call-error`; the next press looks again.
      });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.hasUpdated && (changed.has('server') || changed.has('site'))) {
      this.#session?.dispose();
      this.#session = null;
    }
    if (changed.has('lang') || changed.has('theme')) this.#session?.dress();
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
    alert.textContent = this.broken ? `${texts.offline} ${texts.hint}` : '';
  }

  #press(): void {
    // A failure is told on the page, by `state` and by `call-error`.
    this.call().catch(() => {});
  }

  #preload(): void {
    // A failure here is no failure yet: the press tries again, and tells.
    this.loadSession().catch(() => {});
  }

  #hasEarlierCall(): boolean {
    try {
      return !!this.site && !!localStorage.getItem(resumeKey(this.serverAddress, this.site));
    } catch {
      return false; // Storage is blocked: nothing can have been kept.
    }
  }

  #open(): Promise<VisitorSession> {
    if (this.#session) return Promise.resolve(this.#session);
    return (this.#opening ??= this.#makeSession().finally(() => (this.#opening = null)));
  }

  async #makeSession(): Promise<VisitorSession> {
    this.loading = true;
    this.broken = false;
    try {
      const { VisitorSession } = await this.loadSession();
      return (this.#session = new VisitorSession(this));
    } catch (cause) {
      const { offline: message, hint } = buttonTexts(this);
      this.broken = true;
      this.state = 'failed';
      this.dispatchEvent(new CallErrorEvent({ code: 'offline', message, hint }));
      throw Object.assign(new Error(message, { cause }), { code: 'offline' as const });
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
