import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { ErasureList, ErasureSummary } from '../../../protocol/rest/erasures.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles } from '../../parts/console-styles.ts';
import { Reading } from '../../parts/reading.ts';
import { dateTimeText } from '../../parts/time-texts.ts';

/** Who has ordered an erasure, and whether it is done. */
@localized()
export class ErasureListElement extends LitElement {
  static override styles = [consoleStyles];

  @property({ attribute: false }) context!: ConsoleContext;
  readonly #reading = new Reading<ErasureList>(this, '/erasures', () => ({}));

  protected override render() {
    const { answer, problem } = this.#reading;
    if (!answer && !problem) return nothing;
    const erasures = answer?.erasures;
    return html`<section class="card section">
      <h2>${msg('Erasures')}</h2>
      ${
        problem
          ? html`<p role="alert">${problem}</p>`
          : erasures?.length === 0
            ? html`<p class="quiet">${msg('Nobody has ordered one.')}</p>`
            : html`<ul>
                ${erasures?.map((one) => html`<li>${erasureText(one)}</li>`)}
              </ul>`
      }
    </section>`;
  }
}

function erasureText({
  kind,
  requestedBy,
  requestedAt,
  finishedAt,
  calls,
}: ErasureSummary): string {
  const what = kind === 'call' ? msg('A call') : msg('A visitor');
  const who = requestedBy === 'visitor' ? msg('the visitor') : requestedBy;
  const when = dateTimeText(requestedAt);
  return finishedAt === null
    ? msg(str`${what}, ordered by ${who}, ${when}: not finished yet`)
    : msg(str`${what}, ordered by ${who}, ${when}: done, calls erased: ${calls}`);
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-erasure-list': ErasureListElement;
  }
}
