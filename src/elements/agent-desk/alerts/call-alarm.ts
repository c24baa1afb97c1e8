import { msg, str } from '@lit/localize';
import type { AgentDeskSnapshot } from '../../../call/agent-desk-control.ts';
import { ringingLeg } from '../../../call/own-legs.ts';
import type { LegView } from '../../../protocol/views.ts';
import { shownName } from '../../parts/texts/names.ts';
import { signedInView } from '../snapshot-events.ts';
import { Notifier } from '../../parts/alerts/notifier.ts';
import { Ringer } from './ringer.ts';
import { TitleBlinker } from '../../parts/alerts/title-blinker.ts';

/** Draws the agent's attention to a call that rings: by sound, title and notification. */
export class CallAlarm {
  readonly ringer: Ringer;
  readonly notifier = new Notifier();
  readonly #title = new TitleBlinker();
  /** The leg that rings. */
  #leg: LegView | null = null;

  /** `handleChange` is called when `ringer.blocked` may have changed. */
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
   * Rings in the active tab, and only while the desk is online: an offline desk does not know whether the
   * call still rings. `answered`: the id of a leg that must not ring any more.
   */
  follow(snapshot: AgentDeskSnapshot | null, answered: string | null = null): void {
    const view = signedInView(snapshot);
    const ringing = view && snapshot?.online ? ringingLeg(view) : null;
    const leg = ringing?.id === answered ? null : ringing;
    if (leg?.id === this.#leg?.id) return;
    this.#silence();
    if (!leg) return;
    this.#leg = leg;
    this.ringer.start();
    this.#title.start(`● ${msg('Incoming call')}`);
    this.#notify();
  }

  #silence(): void {
    this.#leg = null;
    this.ringer.stop();
    this.#title.stop();
    this.notifier.hide();
  }

  #notify(): void {
    if (!this.#leg) return;
    const { id, call } = this.#leg;
    const [name, group] = [shownName(call.visitor.name), call.skill.name];
    this.notifier.show({
      id,
      title: msg('Incoming call'),
      body: msg(str`${name} · ${group}`),
    });
  }

  readonly #handleVisibility = (): void => {
    if (document.hidden) this.#notify();
    else this.notifier.hide();
  };
}
