import type { View } from '../../protocol/views.ts';

/** What many views have in common, and what stays when the rest changes, is put into text once: by the object. */
const texts = new WeakMap<object, string>();

/**
 * A view as JSON. The line and the day of an agent's view are nine tenths of it, the first the same for all who see
 * it, the second from one call's end to the next.
 */
export function viewText(view: View): string {
  if (view.role !== 'agent') return JSON.stringify(view);
  const { waiting, today, ...own } = view;
  const rest = JSON.stringify(own).slice(0, -1);
  return `${rest},"waiting":${textOf(waiting)},"today":${textOf(today)}}`;
}

function textOf(part: object): string {
  const known = texts.get(part);
  if (known !== undefined) return known;
  const text = JSON.stringify(part);
  texts.set(part, text);
  return text;
}
