import { Ringer } from '../agent-desk/alerts/ringer.ts';
import { TitleBlinker } from '../parts/alerts/title-blinker.ts';

/** Rings with sound, if the browser allows it, and in the tab's title. */
export class CallbackAlarm {
  readonly #ringer = new Ringer(() => undefined);
  readonly #title = new TitleBlinker();

  start(title: string): void {
    this.#ringer.open();
    this.#ringer.start();
    this.#title.start(title);
  }

  stop(): void {
    this.#ringer.close();
    this.#title.stop();
  }
}
