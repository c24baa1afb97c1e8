import { ask } from '../parts/events/requests.ts';
import { CallbackCodes } from './callback-codes.ts';
import { CallbackCard } from './callback-card.ts';
import { CallbackWatch, isOpenCallback } from './callback-watch.ts';
import { OwnCallbackClient } from './own-callback.ts';

/** A `<video-call-button>`, as a callback sees it. */
export interface RingingButton extends HTMLElement {
  readonly serverAddress: string;
  readonly site: string;
  readonly theme: 'light' | 'dark' | 'auto' | null;
  readonly state: string;
  readonly renderRoot: HTMLElement | DocumentFragment;
  call(): Promise<void>;
}

/** The code for which a button rings. */
const ringing = new WeakMap<RingingButton, string>();

/** Lets the button ring once the visitor of the stored code is asked in. Nothing is shown before that. */
export function ring(button: RingingButton): void {
  const codes = new CallbackCodes(button.serverAddress, button.site);
  const code = codes.read();
  if (code === null || ringing.get(button) === code) return;
  ringing.set(button, code);
  const watch = new CallbackWatch(new OwnCallbackClient(button.serverAddress, code));
  const card = new CallbackCard();
  card.watch = watch;
  card.popover = 'manual';
  card.addEventListener('join-request', () => {
    codes.use(code);
    // The panel shows a failure.
    button.call().catch(() => undefined);
    card.hidePopover();
  });
  const stop = () => {
    unsubscribe();
    watch.close();
    card.remove();
    ringing.delete(button);
  };
  const unsubscribe = watch.subscribe(() => {
    if (!button.isConnected) return stop();
    const snapshot = watch.getSnapshot();
    // A person who talks already is not asked in.
    const idle = ['idle', 'ended', 'failed'].includes(button.state);
    if (snapshot.ringing && idle) {
      card.lang = button.lang;
      card.theme = button.theme;
      if (!card.isConnected) {
        // The window of the call before is over. Beneath it the card could not be pressed.
        const panel = button.renderRoot.querySelector('rtc-call-panel');
        if (panel) ask(panel, 'close-request');
        button.renderRoot.append(card);
      }
      card.togglePopover(true);
    } else if (card.isConnected) card.remove();
    if (isOpenCallback(snapshot)) return;
    codes.remove(code);
    stop();
  });
  watch.open();
}

/** The visitor has just left a message or asked for a callback: every page of the site knows it from now on. */
export function keepCode(button: RingingButton, code: string): void {
  const codes = new CallbackCodes(button.serverAddress, button.site);
  if (codes.read() === code) return;
  codes.write(code);
  ring(button);
}
