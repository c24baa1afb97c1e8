import type { VisitorCallControl } from '../../../call/visitor-call-control.ts';
import type { ChallengeProvider, ChallengeView } from '../../../protocol/views.ts';
import { languageOf } from '../button-texts.ts';
import type { CallPanel } from '../panel/call-panel.ts';
import { answerTurnstile } from './turnstile.ts';

/** How a service's challenge is shown. */
export interface ChallengeOptions {
  readonly siteKey: string;
  readonly language: 'en' | 'zh-CN';
  readonly theme: 'light' | 'dark' | 'auto';
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal;
}

/**
 * Shows one service's challenge in `place`, and resolves to the answer for the server. Rejects where it cannot be
 * shown, was not answered, or is no longer wanted.
 */
export type AnswerChallenge = (place: HTMLElement, options: ChallengeOptions) => Promise<string>;

const services: Readonly<Record<ChallengeProvider, AnswerChallenge>> = {
  turnstile: answerTurnstile,
};

interface Button extends HTMLElement {
  readonly theme: 'light' | 'dark' | 'auto' | null;
}

/**
 * Lets the visitor answer the site's challenge, and hands the answer to the call; null where there is none. The button
 * loads this file when a site demands an answer. The challenge stands in the page's own document, since services
 * look for their elements there, and slots carry it into the panel.
 */
export async function runChallenge(
  { provider, siteKey }: ChallengeView,
  button: Button,
  panel: CallPanel,
  call: VisitorCallControl,
): Promise<void> {
  const place = document.createElement('div');
  place.slot = 'challenge';
  const way = document.createElement('slot');
  way.name = way.slot = 'challenge';
  const stopped = new AbortController();
  const unsubscribe = call.subscribe(() => {
    if (!call.getSnapshot().challenge) stopped.abort();
  });
  panel.append(way);
  button.append(place);
  try {
    const answer = await services[provider](place, {
      siteKey,
      language: languageOf(button),
      theme: button.theme ?? 'auto',
      signal: stopped.signal,
    });
    call.answerChallenge(answer);
  } catch (error) {
    if (stopped.signal.aborted) return;
    console.error('rtc-desk: the challenge was not answered', error);
    call.answerChallenge(null);
  } finally {
    unsubscribe();
    place.remove();
    way.remove();
  }
}
