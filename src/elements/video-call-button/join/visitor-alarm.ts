import { msg, str } from '@lit/localize';
import { makeRing } from '../../parts/alerts/ring-sound.ts';
import { Notifier } from '../../parts/alerts/notifier.ts';
import { TitleBlinker } from '../../parts/alerts/title-blinker.ts';

const VIBRATION_MS = [300, 200, 300];

/**
 * Calls a visitor back to a hidden page, because an agent is there: by a chime, the title, a notification where it is
 * allowed already, and vibration. It is silent as soon as the page can be seen: then the panel asks.
 */
export class VisitorAlarm {
  readonly #title = new TitleBlinker();
  readonly #notifier = new Notifier();
  #sound: AudioContext | null = null;

  start(agentName: string): void {
    if (!document.hidden) return;
    const text = msg(str`${agentName} is here for you`);
    this.#sound = playChime();
    this.#title.start(`● ${text}`);
    this.#notifier.show({ id: 'rtc-desk', title: text, body: msg('Come back to join the call.') });
    // A browser without it has no such method, and one that refuses it answers false.
    navigator.vibrate?.(VIBRATION_MS);
    document.addEventListener('visibilitychange', this.#handleVisible);
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#handleVisible);
    // Closing fails only where the context is closed already.
    this.#sound?.close().catch(() => {});
    this.#sound = null;
    this.#title.stop();
    this.#notifier.hide();
  }

  readonly #handleVisible = (): void => {
    if (!document.hidden) this.stop();
  };
}

/**
 * The press on the button has unlocked sound for the page; Safari allows it while the microphone is open. Null where
 * the browser has no further context: the other signs remain.
 */
function playChime(): AudioContext | null {
  let context: AudioContext;
  try {
    context = new AudioContext();
  } catch {
    return null;
  }
  const source = context.createBufferSource();
  source.buffer = makeRing(context);
  source.loop = true;
  source.connect(context.destination);
  source.start();
  // Pending where the browser does not allow the sound.
  context.resume().catch(() => {});
  return context;
}
