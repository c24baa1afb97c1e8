import { createVisitorCall } from '../../call/create-visitor-call.ts';
import type { RoomControl } from '../../call/room-control.ts';
import type {
  CallRequest,
  VisitorCallControl,
  VisitorCallState,
} from '../../call/visitor-call-control.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import { handleRequests } from '../parts/events/requests.ts';
import { tellError } from '../parts/texts/error-text.ts';
import type { AskVisitor } from './ask-visitor.ts';
import { CallAnnouncer } from './call-announcer.ts';
import { makeCallRequest, type CallSettings } from './call-request.ts';
import './panel/define-panel.ts';
import '../call-room/define.ts';

/** What a site can ask before a call, by the refusal that tells of it. Each is a chunk of its own. */
const QUESTIONS: { readonly [code in ErrorCode]?: () => Promise<{ readonly ask: AskVisitor }> } = {
  'challenge-required': () => import('./challenge/run-challenge.ts'),
  'consent-required': () => import('./consent/ask-consent.ts'),
};

/** The button, as its call sees it. */
interface Button extends HTMLElement, CallSettings {
  readonly server: string;
  readonly serverAddress: string;
  readonly site: string;
  readonly camera: 'user' | 'environment';
  readonly theme: 'light' | 'dark' | 'auto' | null;
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly updateComplete: Promise<boolean>;
  state: VisitorCallState;
  call(): Promise<void>;
}

/**
 * A site's call on this page, and the panel that shows it. A button loads this at the press. Requests go from
 * button and panel to the headless call, and snapshots come back. The call belongs to the page and not to the button:
 * where the button goes, another one of the site takes over, else the panel stands in the page itself.
 */
export class ButtonCall {
  /** The button that was pressed last, or that has taken the call over. */
  #button: Button;
  /** The button has left the page or the site, and the call goes on without one. */
  #released = false;
  readonly #call: VisitorCallControl;
  readonly #announcer: CallAnnouncer;
  readonly #site: Pick<Button, 'server' | 'site'>;
  // Not by `new`: a page may register a class of its own that extends this one.
  readonly #panel = document.createElement('rtc-call-panel');

  constructor(
    button: Button,
    call: VisitorCallControl = createVisitorCall({
      server: button.serverAddress,
      site: button.site,
      camera: button.camera,
    }),
  ) {
    this.#button = button;
    this.#call = call;
    this.#site = { server: button.server, site: button.site };
    this.#announcer = new CallAnnouncer(() => (this.#released ? this.#panel : this.#button));
    this.#panel.call = call;
    handleRequests(this.#panel, {
      'hang-up-request': () => this.#ignoreFailure(call.hangUp()),
      'call-again-request': () => this.#ignoreFailure(this.start(this.#button)),
      'take-over-request': () => {
        this.#ignoreFailure(call.takeOver());
        // The call began anew, which has closed the panel.
        this.#panel.open();
      },
      'join-call-request': () => call.join(),
      'hand-over-request': () =>
        import('./hand-over/open-hand-over.ts').then(
          ({ openHandOver }) => openHandOver(call, this.#panel, button),
          () => tellError(this.#button, 'offline'),
        ),
      'device-test-request': () => {
        // Within the press: later the browser blocks it.
        const tab = open();
        import('./devices/open-device-test.ts').then(
          ({ openDeviceTest }) => openDeviceTest(call, tab, button),
          () => tab?.close(),
        );
      },
      'close-request': () => this.#close(),
      'cover-request': ({ covered }) => {
        if (!this.#released) this.#button.toggleAttribute('covered', covered);
      },
      'camera-request': ({ on }) => this.#ignoreFailure(call.setCameraOn(on)),
      'use-camera-request': ({ deviceId }) => this.#ignoreFailure(call.useCamera(deviceId)),
      'microphone-request': ({ on }) => this.#ignoreFailure(call.setMicrophoneOn(on)),
    });
    this.#show(button);
    call.subscribe(this.#handleChange);
  }

  /** Rejects with an RtcDeskError. If a call is under way, shows that call instead. */
  async start(button: Button): Promise<void> {
    this.#panel.refusal = null;
    if (this.#isAlive()) {
      this.#panel.open();
      return;
    }
    this.#show(button);
    let request: CallRequest;
    try {
      this.#checkPage();
      request = {
        ...makeCallRequest(button),
        answer: async (code, desk) =>
          (await QUESTIONS[code]?.())?.ask(desk, this.#button, this.#panel, this.#call) ?? null,
      };
    } catch (error) {
      throw this.#refuse(error as RtcDeskError);
    }
    const queued = this.#call.start(request);
    this.#panel.open();
    await queued;
  }

  /** Goes on with the call from before a reload. Resolves to whether there is one. */
  async resume(): Promise<boolean> {
    const found = await this.#call.resume();
    if (found && this.#isAlive()) this.#panel.reopen();
    return found;
  }

  get room(): RoomControl | null {
    return this.#call.getSnapshot().room;
  }

  hangUp(): Promise<void> {
    return this.#call.hangUp();
  }

  /** A button of the site is on the page. It takes the call over where the button of the call is gone. */
  adopt(button: Button): void {
    if (button === this.#button || this.#released || !this.#button.isConnected) this.#show(button);
  }

  /** A button has left the page, or belongs to another site now. */
  release(button: Button): void {
    if (button !== this.#button) return;
    letGo(button);
    this.#released = true;
    if (!this.#isAlive()) return this.#panel.remove();
    const others = document.querySelectorAll<Button>(button.localName);
    const { server, site } = this.#site;
    const next = [...others].find((other) => other.server === server && other.site === site);
    if (next) this.#show(next);
    else this.#place();
  }

  /** Gives the panel the button's language and theme. */
  followButton(): void {
    const { lang, theme } = this.#button;
    this.#panel.lang = lang ?? '';
    this.#panel.theme = theme;
  }

  /** Shows the call with this button, or over the page where the button cannot be seen. */
  #show(button: Button): void {
    if (button !== this.#button) letGo(this.#button);
    this.#button = this.#panel.button = button;
    this.#released = false;
    this.followButton();
    button.state = this.#call.getSnapshot().state;
    this.#place();
  }

  #place(): void {
    const isSeen = !this.#released && this.#button.checkVisibility();
    const place = isSeen ? this.#button.renderRoot : pageRoot();
    // To insert it again closes its dialogs.
    if (this.#panel.parentNode !== place) place.append(this.#panel);
  }

  #isAlive(): boolean {
    return !['idle', 'ended', 'failed'].includes(this.#call.getSnapshot().state);
  }

  #checkPage(): void {
    if (!this.#button.site) throw new RtcDeskError('unknown-site');
    if (!isSecureContext) throw new RtcDeskError('insecure-context');
    if (!('RTCPeerConnection' in window) || !navigator.mediaDevices) {
      throw new RtcDeskError('unsupported-browser');
    }
  }

  /** A request that never reached the call is shown like one that failed. */
  #refuse(error: RtcDeskError): RtcDeskError {
    this.#call.reset();
    this.#panel.refusal = error.code;
    this.#panel.open();
    this.#button.state = 'failed';
    void tellError(this.#button, error.code, null);
    return error;
  }

  readonly #handleChange = (): void => {
    const snapshot = this.#call.getSnapshot();
    if (!this.#released) this.#button.state = snapshot.state;
    this.#announcer.announce(snapshot);
    // A visitor who cancels knows that the call is over. A tab that held the call may have been closed.
    if (snapshot.ended?.reason === 'cancelled') this.#close();
    else if (snapshot.state === 'idle' && !this.#panel.refusal) this.#panel.close();
  };

  #close(): void {
    this.#panel.close();
    this.#panel.refusal = null;
    this.#call.reset();
    if (this.#released) return this.#panel.remove();
    this.#button.state = this.#call.getSnapshot().state;
    void this.#button.updateComplete.then(() => this.#button.focus());
  }

  #ignoreFailure(asked: Promise<unknown>): void {
    asked.catch(() => {
      // The call's snapshot has the failure, and the panel shows it.
    });
  }
}

function letGo(button: Button): void {
  button.state = 'idle';
  button.removeAttribute('covered');
}

/** Where a panel without a button stands: in the page, out of the reach of its styles. */
function pageRoot(): ShadowRoot {
  const existing = document.querySelector('[data-rtc-call]');
  if (existing) return existing.shadowRoot!;
  const host = document.createElement('div');
  host.dataset.rtcCall = '';
  document.body.append(host);
  return host.attachShadow({ mode: 'open' });
}
