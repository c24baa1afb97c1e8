/** Characters around the first hit that are shown of a long text. */
const SHOWN_BEFORE = 80;
const SHOWN_AFTER = 160;

export interface TextPiece {
  readonly text: string;
  readonly hit: boolean;
}

/** The text in pieces, of which some are what was looked for. Of a long text the part around the first hit. */
export function markText(text: string, sought: string): readonly TextPiece[] {
  const words = sought.trim();
  if (words === '') return [{ text, hit: false }];
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const first = text.search(new RegExp(escaped, 'iu'));
  const from = first > SHOWN_BEFORE ? first - SHOWN_BEFORE : 0;
  const to = Math.max(first, 0) + words.length + SHOWN_AFTER;
  const shown = `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
  return shown
    .split(new RegExp(`(${escaped})`, 'iu'))
    .map((piece, index) => ({ text: piece, hit: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
