import { msg } from '@lit/localize';
import { RestError } from './rest-error.ts';

/** What happened and what to do, for a person. */
export function errorText(error: unknown): string {
  return codeText(error instanceof RestError ? error.code : 'server-error');
}

export function codeText(code: string): string {
  switch (code) {
    case 'offline':
      return msg('The server cannot be reached. Check your connection and try again.');
    case 'unauthorized':
      return msg('Your session has ended. Sign in again.');
    case 'forbidden':
      return msg('Your role may not do this. Ask an owner of the site.');
    case 'not-found':
      return msg('This does not exist, or it has been deleted.');
    case 'conflict':
      return msg('This contradicts something that exists. Reload and look again.');
    case 'precondition-failed':
    case 'precondition-required':
      return msg('Somebody else has changed this. Reload and look again.');
    case 'taken':
      return msg('This name is taken. Choose another one.');
    case 'in-use':
      return msg('This is still in use. Remove it where it is used first.');
    case 'link-expired':
      return msg('This link has been used, or its time is over. Ask for a new one.');
    case 'idempotency-mismatch':
      return msg('The server has this request with other contents. Reload and look again.');
    case 'rate-limited':
      return msg('Too many attempts. Wait a minute and try again.');
    case 'bad-message':
    case 'invalid-params':
      return msg('The server does not accept this entry. Check the fields.');
    case 'password-refused':
      return msg('This password is too short or too common. Choose another one.');
    case 'unknown-site':
      return msg('There is no such site on this server.');
    case 'second-factor-needed':
      return msg('Enter the code of your authenticator app.');
    default:
      return msg('Something went wrong on the server. Try again in a moment.');
  }
}
