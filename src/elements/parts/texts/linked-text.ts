import { html } from 'lit';

/** A message as text, whatever it contains. Only the addresses that `splitLinks` finds safe become links. */
export function linkedText(written: string) {
  return splitLinks(written).map(({ text, href }) =>
    href ? html`<a href=${href} target="_blank" rel="noopener noreferrer">${text}</a>` : text,
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
const TRAILING = /[.,;:!?…*_~]$/u;
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

/** `https://a.example/b).` → `https://a.example/b`, but `https://a.example/(b)` stays whole. */
function withoutEnd(address: string): string {
  let text = address;
  for (;;) {
    const last = text.at(-1) ?? '';
    const opening = BRACKETS[last];
    const unopened = opening && text.split(last).length > text.split(opening).length;
    if (!TRAILING.test(text) && !unopened) return text;
    text = text.slice(0, -1);
  }
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
  return url.protocol === 'mailto:' ? (url.pathname.includes('@') ? url.href : null) : url.href;
}
