import { waitUntil } from '@open-wc/testing';
import '../../../src/elements/video-call-button/define.ts';
import type { CallPanel } from '../../../src/elements/video-call-button/panel/call-panel.ts';
import { VideoCallButton } from '../../../src/elements/video-call-button/video-call-button.ts';
import { ButtonCall } from '../../../src/elements/video-call-button/button-call.ts';
import { FakeRoomControl } from '../../support/fake-room-control.ts';
import { FakeVisitorCallControl } from '../../support/fake-visitor-call-control.ts';

export interface Mounted {
  readonly button: VideoCallButton;
  readonly call: FakeVisitorCallControl;
  /** The dispatched events, as `type detail`. */
  readonly told: string[];
  press(): void;
  panel(): CallPanel;
  /** Finds an element of the panel. */
  find<E extends HTMLElement = HTMLElement>(selector: string): E;
  /** The panel's button of this accessible name. */
  control(name: string): HTMLButtonElement;
  dialog(): HTMLDialogElement;
  settled(): Promise<void>;
  /** Presses the button, and lets the call connect. */
  inRoom(): Promise<void>;
}

const EVENTS = [
  'call-choosing',
  'call-queued',
  'call-ringing',
  'call-connected',
  'call-ended',
  'call-error',
];

const places: HTMLElement[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place.remove();
  VideoCallButton.calls.clear();
  document.querySelector('[data-rtc-call]')?.remove();
});

/** A button over a fake call. */
export async function mountButton(
  attributes: Record<string, string> = {},
  call = new FakeVisitorCallControl(),
): Promise<Mounted> {
  const button = document.createElement('video-call-button');
  for (const [name, value] of Object.entries({ site: 'demo', lang: 'en', ...attributes })) {
    button.setAttribute(name, value);
  }
  class PlayedCall extends ButtonCall {
    constructor(host: VideoCallButton) {
      super(host, call);
    }
  }
  button.loadCall = async () => ({ ButtonCall: PlayedCall });
  const told: string[] = [];
  // Not by `fixture`, which waits for a frame: a page in the background gets none.
  const place = document.createElement('div');
  document.body.append(place);
  places.push(place);
  for (const type of EVENTS) {
    place.addEventListener(type, (event) => {
      const { detail } = event as CustomEvent<unknown>;
      told.push(detail === undefined ? type : `${type} ${JSON.stringify(detail)}`);
    });
  }
  place.append(button);
  await button.updateComplete;

  const panel = (): CallPanel => {
    const buttons = [button, ...document.querySelectorAll('video-call-button')];
    const roots = [...buttons, ...document.querySelectorAll('[data-rtc-call]')];
    const found = roots
      .map(({ shadowRoot }) => shadowRoot!.querySelector('rtc-call-panel'))
      .find((one) => one !== null);
    if (!found) throw new Error('there is no panel');
    return found;
  };
  const find = <E extends HTMLElement>(selector: string): E => {
    const { renderRoot } = panel();
    const question = renderRoot.querySelector('rtc-leave-question')?.renderRoot;
    const found = renderRoot.querySelector<E>(selector) ?? question?.querySelector<E>(selector);
    if (!found) throw new Error(`the panel has no ${selector}`);
    return found;
  };
  const settled = async () => {
    await waitUntil(() => VideoCallButton.calls.size > 0, 'no panel');
    await panel().updateComplete;
    // Code that the panel asked for before is there before this.
    await import('../../../src/elements/video-call-button/outcome/draw-outcome.ts');
    await new Promise((resolve) => setTimeout(resolve));
    await panel().updateComplete;
    await button.updateComplete;
  };
  const press = () => button.renderRoot.querySelector('button')!.click();
  return {
    button,
    call,
    told,
    panel,
    find,
    press,
    control: (name) => {
      const { renderRoot } = panel();
      const question = renderRoot.querySelector('rtc-leave-question')?.renderRoot;
      const all = [renderRoot, question].flatMap((root) => [
        ...(root?.querySelectorAll('button') ?? []),
      ]);
      const found = all.find((one) => (one.ariaLabel ?? one.textContent).trim() === name);
      if (!found) throw new Error(`the panel has no button ${name}`);
      return found;
    },
    dialog: () => find<HTMLDialogElement>('dialog.window'),
    settled,
    inRoom: async () => {
      press();
      await settled();
      call.update({ state: 'connected', callId: 'c', room: new FakeRoomControl() });
      await waitUntil(() => panel().renderRoot.querySelector('call-room'), 'no room', {
        timeout: 15_000,
      });
      await settled();
    },
  };
}
