import { msg } from '@lit/localize';
import type { OfferReason } from '../../../protocol/views.ts';

/** Why a call was offered to this agent, as a sentence. */
export function offerReasonText({ code }: OfferReason): string {
  switch (code) {
    case 'longest-idle':
      return msg('It came to you because you have been free the longest.');
    case 'best-level':
      return msg('It came to you because you have the best skill level of those who are free.');
    case 'last-agent':
      return msg('It came to you because you helped this visitor last time.');
    case 'only-one-free':
      return msg('It came to you because nobody else is free.');
    case 'after-refusals':
      return msg('It came to you again because everyone else declined it too.');
    case 'ring':
      return msg('It came to you because those who come first are all busy.');
    case 'transfer':
      return msg('Another agent is transferring it to you.');
  }
}
