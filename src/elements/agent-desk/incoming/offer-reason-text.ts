import { msg } from '@lit/localize';

/**
 * Why an offer came here, in the agent's language. What the call's record keeps is one English line for
 * whoever reads records; a reason that is not known here is shown as it was kept.
 */
export function whyText(why: string): string {
  if (/; idle longest\b/.test(why))
    return msg('It came to you because you have been free the longest.');
  if (/; nobody else is free\b/.test(why))
    return msg('It came to you because nobody else is free.');
  return why;
}
