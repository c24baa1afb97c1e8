import type { Readable, VisitorCallControl } from '../../../call/visitor-call-control.ts';
import type { ChallengeProvider, VisitorView } from '../../../protocol/views.ts';
import { languageOf } from '../button-texts.ts';
import type { CallPanel } from '../panel/call-panel.ts';
import type { AnswerChallenge } from './answer-challenge.ts';
import { answerTurnstile } from './turnstile.ts';

const services: Readonly<Record<ChallengeProvider, AnswerChallenge>> = {
  turnstile: answerTurnstile,
};

interface Button extends HTMLElement {
  readonly theme: 'light' | 'dark' | 'auto' | null;
}

/**
 * Lets the visitor answer the site's challenge. Resolves to null if there is no answer. The button loads this file
 * when a site demands one. The challenge stands in the page's own document, since services look for their elements
 * there, and slots carry it into the panel.
 */
export async function runChallenge(
  desk: Readable<{ readonly view: VisitorView | null }>,
  button: Button,
  panel: CallPanel,
  call: VisitorCallControl,
): Promise<string | null> {
  const place = document.createElement('div');
  place.slot = 'challenge';
  const way = document.createElement('slot');
  way.name = way.slot = 'challenge';
  const stopped = new AbortController();
  const unsubscribe = call.subscribe(() => {
    if (call.getSnapshot().state !== 'queued') stopped.abort();
  });
  panel.append(way);
  button.append(place);
  try {
    const { challenge } = (await firstView(desk, stopped.signal)).site;
    if (!challenge) return null;
    return await services[challenge.provider](place, {
      siteKey: challenge.siteKey,
      language: languageOf(button),
      theme: button.theme ?? 'auto',
      signal: stopped.signal,
    });
  } catch (error) {
    if (!stopped.signal.aborted) {
      console.error('rtc-desk: the challenge was not answered', error);
    }
    return null;
  } finally {
    unsubscribe();
    place.remove();
    way.remove();
  }
}

/** The desk's first view, which may come after its first refusal. */
function firstView(
  desk: Readable<{ readonly view: VisitorView | null }>,
  signal: AbortSignal,
): Promise<VisitorView> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const { view } = desk.getSnapshot();
      if (!view) return;
      unsubscribe();
      resolve(view);
    };
    const unsubscribe = desk.subscribe(look);
    signal.addEventListener('abort', () => {
      unsubscribe();
      reject(signal.reason as Error);
    });
    look();
  });
}
