import { msg } from '@lit/localize';
import { UNNAMED_VISITOR } from '../../../protocol/end-reasons.ts';

/** Whether the visitor gave no name. */
export const isNameless = (name: string): boolean => !name.trim() || name === UNNAMED_VISITOR;

/** The name to show, also for a visitor who gave none. */
export const shownName = (name: string): string => (isNameless(name) ? msg('Visitor') : name);

/** One or two letters for an avatar: `Ada Lovelace` → `AL`, `王小明` → `王`; '' if there is none. */
export function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const first = words[0]?.match(/./u)?.[0] ?? '';
  if (/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(first)) {
    return first;
  }
  const last = words.length > 1 ? (words.at(-1)?.match(/./u)?.[0] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}
