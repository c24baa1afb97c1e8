import { createVisitorCall } from '../../call/create-visitor-call.ts';
import { RtcDeskError } from '../../call/error.ts';
import { tellError } from '../parts/texts/error-text.ts';
import type { CallRequest, RoomControl, VisitorCallControl } from '../../call/visitor-call-control.ts';
import { CallAnnouncer } from './call-announcer.ts';
import { CallPanel } from './panel/call-panel.ts';
import { callWish } from './call-request.ts';
import type { PanelRequestEvent } from './panel/panel-requests.ts';
import type { VideoCallButton } from './video-call-button.ts';
import './panel/define-panel.ts';

/**
 * A button's call and the panel that shows it: what the button loads at the press. Between the three it
 * carries wishes one way (button and panel to the call) and snapshots the other.
 */
export class VisitorSession {
  readonly #button: VideoCallButton;
  readonly #call: VisitorCallControl;
  readonly #announcer: CallAnnouncer;
  readonly #panel: CallPanel;
  readonly #stop: () => void;

  constructor(
    button: VideoCallButton,
    call: VisitorCallControl = createVisitorCall({
      server: button.serverAddress,
      site: button.site,
    }),
  ) {
    this.#button = button;
    this.#call = call;
    this.#announcer = new CallAnnouncer(button);
    this.#panel = new CallPanel();
    this.#panel.call = call;
    this.#panel.addEventListener('panel-request', this.#handleRequest);
    this.dress();
    button.renderRoot.append(this.#panel);
    this.#stop = call.subscribe(this.#handleChange);
  }

  /** Rejects with an RtcDeskError. A call that is under way is shown instead. */
  async start(): Promise<void> {
    if (this.#isAlive()) {
      this.#panel.open();
      return;
    }
    let wish: CallRequest;
    try {
      this.#checkBrowser();
      wish = callWish(this.#button);
    } catch (error) {
      throw this.#refuse(error as RtcDeskError);
    }
    this.#panel.refusal = null;
    // First the call, so that the devices are asked for within the press; the panel a moment later.
    const queued = this.#call.start(wish);
    this.#panel.open();
    await queued;
  }

  /** Goes on with a call of before a reload. Resolves to whether there is one. */
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

  /** The panel speaks the button's language and wears its theme. */
  dress(): void {
    const { lang, theme } = this.#button;
    this.#panel.lang = lang ?? '';
    this.#panel.theme = theme;
  }

  dispose(): void {
    this.#quietly(this.#call.hangUp());
    this.#handleChange();
    this.#stop();
    this.#panel.removeEventListener('panel-request', this.#handleRequest);
    this.#panel.remove();
    this.#button.state = 'idle';
    this.#button.removeAttribute('covered');
  }

  #isAlive(): boolean {
    return !['idle', 'ended', 'failed'].includes(this.#call.getSnapshot().state);
  }

  #checkBrowser(): void {
    if (!isSecureContext) throw new RtcDeskError('insecure-context');
    if (!('RTCPeerConnection' in window) || !navigator.mediaDevices) {
      throw new RtcDeskError('unsupported-browser');
    }
  }

  /** A wish that never reached the call: shown and told like one that failed. */
  #refuse(error: RtcDeskError): RtcDeskError {
    this.#call.reset();
    this.#panel.refusal = error.code;
    this.#panel.open();
    this.#button.state = 'failed';
    void tellError(this.#button, error.code);
    return error;
  }

  readonly #handleChange = (): void => {
    const snapshot = this.#call.getSnapshot();
    this.#button.state = snapshot.state;
    this.#announcer.announce(snapshot);
    // Who cancels need not be told that they did.
    if (snapshot.ended?.reason === 'cancelled') this.#close();
  };

  readonly #handleRequest = ({ wish }: PanelRequestEvent): void => {
    switch (wish) {
      case 'hang-up':
        return this.#quietly(this.#call.hangUp());
      case 'call-again':
        return this.#quietly(this.start());
      case 'take-over':
        return this.#quietly(this.#call.takeOver());
      case 'close':
        return this.#close();
      case 'covered':
      case 'uncovered':
        this.#button.toggleAttribute('covered', wish === 'covered');
        return;
      case 'camera-on':
      case 'camera-off':
        return this.#quietly(this.#call.setCameraOn(wish === 'camera-on'));
      case 'microphone-on':
      case 'microphone-off':
        return this.#quietly(this.#call.setMicrophoneOn(wish === 'microphone-on'));
    }
  };

  #close(): void {
    this.#panel.close();
    this.#panel.refusal = null;
    this.#call.reset();
    this.#button.state = this.#call.getSnapshot().state;
    void this.#button.updateComplete.then(() => this.#button.focus());
  }

  #quietly(wish: Promise<unknown>): void {
    wish.catch(() => {
      // The call's snapshot says what failed, and the panel shows it.
    });
  }
}
