import { html } from 'lit';
import { guard } from 'lit/directives/guard.js';

/**
 * A message as text, whatever it contains. Only the addresses that `splitLinks` finds safe become links. A text is
 * split once for each place in the page, not at each render.
 */
export function linkedText(written: string) {
  return guard([written], () =>
    splitLinks(written).map(({ text, href }) =>
      href ? html`<a href=${href} target="_blank" rel="noopener noreferrer">${text}</a>` : text,
    ),
  );
}

/** A part of a message: words, or an address that is safe to follow. */
export interface TextPart {
  readonly text: string;
  /** Always http:, https: or mailto:. */
  readonly href?: string;
}

const ADDRESS = /\b(?:https?:\/\/|mailto:)[^\s<>"'`{}|\\^\u3000-\u303f\uff00-\uffef]+/giu;
const SAFE: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);
/** Characters that end a sentence and not an address. */
const TRAILING = '.,;:!?…*_~';
const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

/** Splits a message into words and links. The joined texts are the message. */
export function splitLinks(message: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const match of message.matchAll(ADDRESS)) {
    const text = withoutEnd(match[0]);
    const href = safeAddress(text);
    if (!href) continue;
    if (match.index > done) parts.push({ text: message.slice(done, match.index) });
    parts.push({ text, href });
    done = match.index + text.length;
  }
  if (done < message.length) parts.push({ text: message.slice(done) });
  return parts;
}

/**
 * `https://a.example/b).` → `https://a.example/b`, but `https://a.example/(b)` stays whole. The brackets are counted
 * once, so that the time grows with the length of the text and not with its square.
 */
function withoutEnd(address: string): string {
  const counts = new Map<string, number>();
  const count = (character: string): number => counts.get(character) ?? 0;
  for (const character of address) counts.set(character, count(character) + 1);
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? '';
    const opening = BRACKETS[last];
    const unopened = opening !== undefined && count(last) > count(opening);
    if (!TRAILING.includes(last) && !unopened) break;
    counts.set(last, count(last) - 1);
  }
  return address.slice(0, end);
}

function safeAddress(text: string): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // Not an address: shown as words.
    return null;
  }
  if (!SAFE.has(url.protocol)) return null;
  // `https://bank.example@evil.example` leads to evil.example. No honest message has such an address.
  if (url.username || url.password) return null;
  return url.protocol === 'mailto:' ? (url.pathname.includes('@') ? url.href : null) : url.href;
}
