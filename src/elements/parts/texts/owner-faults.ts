import type { ErrorCode } from '../../../protocol/errors.ts';

/** What the owner of the website has to mend, in English, as the console's other messages. */
const FAULTS: Partial<Record<ErrorCode, string>> = {
  'unknown-site': 'the attribute `site` is missing, or the server knows no such site.',
  'unknown-skill': 'the site has no skill group or published flow of this name.',
  'origin-not-allowed':
    'the site does not allow calls from this page: add its origin in the console, under Site.',
  'invalid-params':
    '`params` must have at most 32 entries, with texts as values, and 4 KiB in all as JSON.',
  'script-changed': 'a file of the video call is not the one that the pinned script allows.',
  'page-blocked': 'the policy or another script of this page stops the code of the call.',
};

/** Only these are hidden from the visitor. */
export const isOwnersFault = (code: string): boolean => code in FAULTS;

/** Tells the owner in the console what to mend. Does nothing for other codes. `target`: the element that failed. */
export function tellOwner(code: ErrorCode, target: EventTarget): void {
  const fault = FAULTS[code];
  if (!fault) return;
  const { serverAddress } = target as { readonly serverAddress?: string };
  const guide = serverAddress && `See ${new URL('/docs/site-owner.md', serverAddress).href}`;
  console.error(`rtc-desk: ${code}: ${fault} ${guide ?? ''}`);
}
