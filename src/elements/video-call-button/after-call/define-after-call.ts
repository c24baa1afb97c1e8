import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type {
  VisitorCallControl,
  VisitorCallSnapshot,
} from '../../../call/visitor-call-control.ts';
import { CallbackCodes } from '../../callback/callback-codes.ts';
import type { RingingButton } from '../../callback/ring.ts';
import { OwnCallClient } from '../../own-call/own-call-client.ts';
import { durationText } from '../../parts/texts/durations.ts';
import { AfterCall } from './after-call.ts';
import { RatingForm } from './rating-form.ts';

for (const [name, element] of [
  ['rtc-rating-form', RatingForm],
  ['rtc-after-call', AfterCall],
] as const) {
  // A page may load two versions of the script: the class that came first stays.
  if (!customElements.get(name)) customElements.define(name, element);
}

/** Of the call that is shown. */
let client: OwnCallClient | null = null;

interface EndPanel {
  readonly button: RingingButton | null;
  readonly call: VisitorCallControl | null;
  readonly lang: string;
  readonly theme: string | null;
  open(): void;
}

/** How long the call was, and what the visitor can still do, in the panel. */
export function draw(
  { key, ended }: VisitorCallSnapshot,
  panel: EndPanel,
): TemplateResult | typeof nothing {
  const { button, call, lang, theme } = panel;
  if (!ended) return nothing;
  const duration = html`<p class="note">${msg(str`Duration: ${durationText(ended.seconds)}`)}</p>`;
  if (!button || !call || key === null) return duration;
  if (client?.token !== key) client = new OwnCallClient(button.serverAddress, key);
  const rejoin = async (): Promise<boolean> => {
    // The call looks for its key where a page finds it after a reload.
    new CallbackCodes(button.serverAddress, button.site).use(key);
    const found = await call.resume();
    if (found) panel.open();
    return found;
  };
  return html`${duration}
    <rtc-after-call
      .client=${client}
      .rejoin=${rejoin}
      lang=${lang || nothing}
      theme=${theme ?? nothing}
    ></rtc-after-call>`;
}
