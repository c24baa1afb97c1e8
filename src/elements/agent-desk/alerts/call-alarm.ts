import { shownName } from '../../parts/texts/names.ts';
import { msg, str } from '@lit/localize';
import type { AgentDeskSnapshot, OfferView } from '../../../call/agent-desk-control.ts';
import { Notifier } from './notifier.ts';
import { Ringer } from './ringer.ts';
import { signedInView } from '../snapshot-events.ts';
import { TitleBlinker } from './title-blinker.ts';

/** Everything that calls an agent to the desk when a call rings: sound, title, notification. */
export class CallAlarm {
  readonly ringer: Ringer;
  readonly notifier = new Notifier();
  readonly #title = new TitleBlinker();
  #offer: OfferView | null = null;

  /** `handleChange` is called when what can be heard may have changed. */
  constructor(handleChange: () => void) {
    this.ringer = new Ringer(handleChange);
  }

  open(): void {
    this.ringer.open();
    document.addEventListener('visibilitychange', this.#handleVisibility);
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#handleVisibility);
    this.#silence();
    this.ringer.close();
  }

  /**
   * Only the tab in charge makes itself heard; and none while it does not know whether the call still rings.
   * `answered` is an offer that needs nobody's ear any more.
   */
  follow(snapshot: AgentDeskSnapshot | null, answered: string | null = null): void {
    const view = signedInView(snapshot);
    const ringing = (view?.inCharge && snapshot?.online && view.offer) || null;
    const offer = ringing?.id === answered ? null : ringing;
    if (offer?.id === this.#offer?.id) return;
    this.#silence();
    if (!offer) return;
    this.#offer = offer;
    this.ringer.start();
    this.#title.start(`● ${msg('Incoming call')}`);
    this.#notify();
  }

  #silence(): void {
    this.#offer = null;
    this.ringer.stop();
    this.#title.stop();
    this.notifier.hide();
  }

  #notify(): void {
    if (!this.#offer) return;
    const { id, visitor, skill } = this.#offer;
    const name = shownName(visitor.name);
    this.notifier.show({
      id,
      title: msg('Incoming call'),
      body: msg(str`${name} · ${skill.name}`),
    });
  }

  readonly #handleVisibility = (): void => {
    if (document.hidden) this.#notify();
    else this.notifier.hide();
  };
}
