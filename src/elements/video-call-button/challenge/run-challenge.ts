import type { ChallengeProvider } from '../../../protocol/views.ts';
import { firstView, whileBeginning, type AskVisitor } from '../ask-visitor.ts';
import { languageOf } from '../button-texts.ts';
import type { AnswerChallenge } from './answer-challenge.ts';
import { answerTurnstile } from './turnstile.ts';

const services: Readonly<Record<ChallengeProvider, AnswerChallenge>> = {
  turnstile: answerTurnstile,
};

/**
 * Lets the visitor answer the site's challenge. Resolves to null if there is no answer. The button loads this file
 * when a site demands one. The challenge stands in the page's own document, since services look for their elements
 * there, and slots carry it into the panel.
 */
export const ask: AskVisitor = async (desk, button, panel, call) => {
  const place = document.createElement('div');
  place.slot = 'challenge';
  const way = document.createElement('slot');
  way.name = way.slot = 'challenge';
  const { signal, stop } = whileBeginning(call);
  panel.append(way);
  button.append(place);
  try {
    const { challenge } = (await firstView(desk, signal)).site;
    if (!challenge) return null;
    const answer = await services[challenge.provider](place, {
      siteKey: challenge.siteKey,
      language: languageOf(button),
      theme: button.theme ?? 'auto',
      signal,
    });
    return { challenge: answer };
  } catch (error) {
    if (!signal.aborted) {
      console.error('rtc-desk: the challenge was not answered', error);
    }
    return null;
  } finally {
    stop();
    place.remove();
    way.remove();
  }
};
