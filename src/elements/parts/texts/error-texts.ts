import { msg, str } from '@lit/localize';
import { getLocale } from '../../../locales/locales.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { EndReason } from '../../../protocol/views.ts';
import { deviceErrorText, say, type ErrorText } from './device-error-texts.ts';
import { isOwnersFault } from './owner-faults.ts';

export { tellOwner } from './owner-faults.ts';
export type { ErrorText };

/** A failure, or the end of a visitor's call that neither side wanted. */
export type FailureCode = ErrorCode | Exclude<EndReason, 'visitor-ended' | 'agent-ended'>;

/** A visitor's failures that stay as they are, however often the visitor tries. */
const FINAL: readonly FailureCode[] = [
  'out-of-hours',
  'insecure-context',
  'unsupported-browser',
  'unsupported-protocol',
  'bad-message',
  'handed-over',
];

/**
 * A failure as the visitor reads it. What only the owner of the website can mend is not explained: `tellOwner` does
 * that. `retryAt`: when a closed desk opens, in ms since 1970; null where nobody knows.
 */
export function textForVisitor(code: FailureCode, retryAt: number | null): ErrorText {
  if (isOwnersFault(code)) {
    const text = msg('Video calls do not work on this page at the moment.');
    return { text, hint: msg('Please contact us in another way.'), final: true };
  }
  const final = FINAL.includes(code);
  if (code === 'out-of-hours' && retryAt !== null) {
    return { text: msg('We’re closed right now.'), hint: openingText(retryAt), final };
  }
  return { ...textOfError(code), final };
}

/** In the visitor's own time zone. */
function openingText(time: number): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(getLocale(), options).format(time);
  const day = format({ weekday: 'long', month: 'long', day: 'numeric' });
  const clock = format({ hour: 'numeric', minute: '2-digit' });
  return msg(str`We open on ${day} at ${clock}.`);
}

/** The text of each failure in the person's language. `error-text.ts` loads this file when it is needed. */
export function textOfError(code: FailureCode): ErrorText {
  switch (code) {
    case 'permission-denied':
    case 'no-camera':
    case 'no-microphone':
    case 'device-busy':
    case 'insecure-context':
    case 'unsupported-browser':
    case 'media-failed':
      return deviceErrorText(code);
    case 'origin-not-allowed':
      return say(
        msg('Video calls are not allowed from this page.'),
        msg('The owner of this website can add its address to the list of allowed pages.'),
      );
    case 'unknown-site':
      return say(
        msg('This website is not set up for video calls.'),
        msg('The owner of this website can check the site’s key.'),
      );
    case 'unknown-skill':
      return say(
        msg('The department that you asked for does not exist.'),
        msg('The owner of this website can check the name of the department.'),
      );
    case 'disposition-required':
      return say(
        msg('This group needs a disposition for each call.'),
        msg('Choose one, then finish the wrap-up.'),
      );
    case 'invalid-identity':
      return say(
        msg('Your sign-in on this website could not be confirmed.'),
        msg('Reload the page, or sign in again.'),
      );
    case 'challenge-required':
      return say(
        msg('We could not check that you are not a robot.'),
        msg('Please try again. If it does not help, switch off your ad blocker for this page.'),
      );
    case 'consent-required':
      return say(
        msg('The text that you agree to has changed.'),
        msg('Please try again, and read the new text.'),
      );
    case 'consent-refused':
      return say(
        msg('You did not agree, so there was no call.'),
        msg('Your camera and microphone stayed off.'),
      );
    case 'invalid-params':
      return say(
        msg('The details that this page passed on are not valid.'),
        msg('Reload the page. If it happens again, tell the owner of this website.'),
      );
    case 'out-of-hours':
      return say(msg('We’re closed right now.'), msg('Please come back during our opening hours.'));
    case 'no-agent-online':
      return say(
        msg('No agent is available at the moment.'),
        msg('Please try again a little later.'),
      );
    case 'queue-full':
      return say(
        msg('Too many people are waiting right now.'),
        msg('Please try again in a few minutes.'),
      );
    case 'rate-limited':
      return say(
        msg('You have tried too many times in a short while.'),
        msg('Please wait a minute, then try again.'),
      );
    case 'flow-changed':
      return say(
        msg('This step has changed.'),
        msg('Please answer the question that is shown now.'),
      );
    case 'offline':
      return say(
        msg('There is no connection.'),
        msg('Check your internet connection, then try again.'),
      );
    case 'media-blocked':
      return say(
        msg('This network blocks sound and video.'),
        msg('Try another network, or switch off a VPN.'),
      );
    case 'page-blocked':
      return say(msg('This page does not let the video call start.'));
    case 'signed-in-elsewhere':
      return say(
        msg('This is in use in another window.'),
        msg('Continue there, or bring it here.'),
      );
    case 'handed-over':
      return say(msg('The call continues on your phone.'), msg('You can close this window.'));
    case 'script-changed':
      return say(
        msg('A file of the video call is not the one that this page allows.'),
        msg('Tell the owner of this website.'),
      );
    // Also for a code of a newer server.
    case 'server-error':
    default:
      return say(msg('Something went wrong on our side.'), msg('Please try again in a moment.'));
    case 'cancelled':
      return say(msg('You cancelled the call.'));
    case 'abandoned':
      return say(msg('You were away too long and lost your place in the queue.'));
    case 'flow-ended':
      return say(msg('Thank you. That is all.'));
    case 'message-left':
      return say(msg('Thank you. Your message was sent.'));
    case 'callback-requested':
      return say(msg('Thank you. We’ll call you back.'));
    case 'recording-refused':
      return say(msg('You did not agree to be recorded, so the call ended.'));
    case 'recording-failed':
      return say(msg('The call could not be recorded, so it ended.'));
    case 'no-answer':
      return say(msg('You did not join in time. We’ll try again.'));
    case 'visitor-gone':
      return say(msg('Your connection was lost for too long, so the call ended.'));
    case 'agent-gone':
      return say(msg('The agent’s connection was lost, so the call ended.'));
    case 'storage-full':
      return say(msg('The server has no space for a recording.'), msg('Tell your administrator.'));
    case 'bad-message':
    case 'unsupported-protocol':
      return say(msg('This page is out of date.'), msg('Reload the page.'));
    case 'unauthorized':
      return say(
        msg('The sign-in is wrong or has expired.'),
        msg('Check what you entered, or sign in again.'),
      );
    case 'second-factor-needed':
      return say(msg('The code of your authenticator app is needed.'));
    case 'password-refused':
      return say(
        msg('This password is too easy to guess.'),
        msg('Choose one of at least 10 characters that is not a common one.'),
      );
    case 'forbidden':
      return say(msg('You are not allowed to do that.'));
    case 'not-found':
      return say(msg('That no longer exists.'));
    case 'conflict':
      return say(msg('Too late: someone else was faster, or the time ran out.'));
    case 'room-full':
      return say(msg('The room is full.'), msg('Try again when someone has left.'));
    case 'message-empty':
      return say(msg('An empty message cannot be sent.'));
    case 'message-too-long':
      return say(
        msg('The message is too long.'),
        msg('Send it in several parts of at most 4,000 characters.'),
      );
    case 'image-too-large':
      return say(msg('The picture is too large.'), msg('Send one of at most 10 MB.'));
    case 'image-not-supported':
      return say(
        msg('This file is not a picture that can be sent.'),
        msg('Send a JPEG, PNG, WebP or GIF.'),
      );
    case 'too-many-images':
      return say(msg('No more pictures can be stored here.'));
  }
}
