import { html } from 'lit';
import { splitLinks } from '../../call/links.ts';

/** What somebody wrote, as text whatever it says: only addresses that `splitLinks` finds safe become links. */
export function linkedText(written: string) {
  return splitLinks(written).map(({ text, href }) =>
    href ? html`<a href=${href} target="_blank" rel="noopener noreferrer">${text}</a>` : text,
  );
}
