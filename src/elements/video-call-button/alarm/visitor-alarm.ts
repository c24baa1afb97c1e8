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
  readonly #chime: AudioBufferSourceNode | null;

  /** `sound`: a context that a press has unlocked. It stays open. */
  constructor(sound: AudioContext | null, agentName: string) {
    const text = msg(str`${agentName} is here for you`);
    this.#chime = sound && playChime(sound);
    this.#title.start(`● ${text}`);
    this.#notifier.show({ id: 'rtc-desk', title: text, body: msg('Come back to join the call.') });
    // A browser without it has no such method, and one that refuses it answers false.
    navigator.vibrate?.(VIBRATION_MS);
    document.addEventListener('visibilitychange', this.#handleVisible);
    this.#handleVisible();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#handleVisible);
    this.#chime?.stop();
    this.#chime?.disconnect();
    this.#title.stop();
    this.#notifier.hide();
  }

  readonly #handleVisible = (): void => {
    if (!document.hidden) this.stop();
  };
}

function playChime(context: AudioContext): AudioBufferSourceNode {
  const source = context.createBufferSource();
  source.buffer = makeRing(context);
  source.loop = true;
  source.connect(context.destination);
  source.start();
  // A browser may have suspended it while nothing sounded. Where it refuses, the other signs remain.
  context.resume().catch(() => {});
  return source;
}
