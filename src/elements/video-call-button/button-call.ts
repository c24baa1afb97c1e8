import { createVisitorCall } from '../../call/create-visitor-call.ts';
import type { RoomControl } from '../../call/room-control.ts';
import type {
  CallRequest,
  VisitorCallControl,
  VisitorCallState,
} from '../../call/visitor-call-control.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import { handleRequests } from '../parts/events/requests.ts';
import { tellError } from '../parts/texts/error-text.ts';
import { CallAnnouncer } from './call-announcer.ts';
import { makeCallRequest, type CallSettings } from './call-request.ts';
import { CallPanel } from './panel/call-panel.ts';
import './panel/define-panel.ts';

/** The button, as its call sees it. */
interface Button extends HTMLElement, CallSettings {
  readonly serverAddress: string;
  readonly site: string;
  readonly camera: 'user' | 'environment';
  readonly theme: 'light' | 'dark' | 'auto' | null;
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly updateComplete: Promise<boolean>;
  state: VisitorCallState;
}

/**
 * The call of one button, and the panel that shows it. The button loads this at the press. Requests go from
 * button and panel to the headless call, and snapshots come back.
 */
export class ButtonCall {
  readonly #button: Button;
  readonly #call: VisitorCallControl;
  readonly #announcer: CallAnnouncer;
  readonly #panel: CallPanel;
  readonly #unsubscribe: () => void;

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
    this.#announcer = new CallAnnouncer(button);
    this.#panel = new CallPanel();
    this.#panel.call = call;
    handleRequests(this.#panel, {
      'hang-up-request': () => this.#ignoreFailure(call.hangUp()),
      'call-again-request': () => this.#ignoreFailure(this.start()),
      'take-over-request': () => this.#ignoreFailure(call.takeOver()),
      'close-request': () => this.#close(),
      'cover-request': ({ covered }) => void button.toggleAttribute('covered', covered),
      'camera-request': ({ on }) => this.#ignoreFailure(call.setCameraOn(on)),
      'use-camera-request': ({ deviceId }) => this.#ignoreFailure(call.useCamera(deviceId)),
      'microphone-request': ({ on }) => this.#ignoreFailure(call.setMicrophoneOn(on)),
    });
    this.followButton();
    button.renderRoot.append(this.#panel);
    this.#unsubscribe = call.subscribe(this.#handleChange);
  }

  /** Rejects with an RtcDeskError. If a call is under way, shows that call instead. */
  async start(): Promise<void> {
    if (this.#isAlive()) {
      this.#panel.open();
      return;
    }
    let request: CallRequest;
    try {
      this.#checkBrowser();
      request = {
        ...makeCallRequest(this.#button),
        answer: async (desk) => {
          const { runChallenge } = await import('./challenge/run-challenge.ts');
          return runChallenge(desk, this.#button, this.#panel, this.#call);
        },
      };
    } catch (error) {
      throw this.#refuse(error as RtcDeskError);
    }
    this.#panel.refusal = null;
    // The call comes first: the browser asks for the devices during the press.
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

  /** Gives the panel the button's language and theme. */
  followButton(): void {
    const { lang, theme } = this.#button;
    this.#panel.lang = lang ?? '';
    this.#panel.theme = theme;
  }

  dispose(): void {
    this.#ignoreFailure(this.#call.hangUp());
    this.#handleChange();
    this.#unsubscribe();
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

  /** A request that never reached the call is shown like one that failed. */
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
    // A visitor who cancels knows that the call is over.
    if (snapshot.ended?.reason === 'cancelled') this.#close();
  };

  #close(): void {
    this.#panel.close();
    this.#panel.refusal = null;
    this.#call.reset();
    this.#button.state = this.#call.getSnapshot().state;
    void this.#button.updateComplete.then(() => this.#button.focus());
  }

  #ignoreFailure(asked: Promise<unknown>): void {
    asked.catch(() => {
      // The call's snapshot has the failure, and the panel shows it.
    });
  }
}
