import { msg, str } from '@lit/localize';
import type { CallbackSnapshot } from './callback-watch.ts';

/** How a callback stands, for its visitor. */
export function callbackText({ state, callback, ringing }: CallbackSnapshot): {
  readonly title: string;
  readonly text: string;
} {
  if (state === 'loading')
    return { title: msg('Your callback'), text: msg('Just a moment, please.') };
  if (state === 'unknown' || !callback) {
    return {
      title: msg('This link does not work'),
      text: msg('The link is not complete, or the callback was deleted.'),
    };
  }
  if (ringing) {
    return {
      title: msg('Your agent is here'),
      text: msg('Join now: the agent is waiting for you.'),
    };
  }
  switch (callback.state) {
    case null:
      return {
        title: msg('We have your message'),
        text: msg('If we call you back, this page rings.'),
      };
    case 'waiting':
      return {
        title: msg('We’ll call you back'),
        text: msg(
          str`Your place in the queue of ${callback.group} is kept. This page rings when it is your turn.`,
        ),
      };
    case 'due':
    case 'offering':
    case 'calling':
      return {
        title: msg('It is almost your turn'),
        text: msg('Please stay on this page. It rings when your agent is here.'),
      };
    case 'reached':
      return { title: msg('The call is done'), text: msg('Thank you for your call.') };
    case 'no-answer':
      return {
        title: msg('We did not reach you'),
        text: msg('We tried three times. Please call us again.'),
      };
    case 'expired':
      return {
        title: msg('This callback has expired'),
        text: msg('We could not call you within seven days. Please call us again.'),
      };
    case 'cancelled':
      return {
        title: msg('This callback is cancelled'),
        text: msg('Call us again when you need us.'),
      };
  }
}
