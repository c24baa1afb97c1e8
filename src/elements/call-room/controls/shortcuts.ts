/**
 * Shortcuts of one key. They work while the focus is in the element that shows the room, but not in a text field
 * (WCAG 2.1.4).
 */
export const shortcuts = { microphone: 'm', camera: 'v', chat: 'c', fullscreen: 'f' } as const;

export type Shortcut = keyof typeof shortcuts;

/** The shortcut of a key press; null for none. */
export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  const inField = event.composedPath().some((node) => {
    return (
      node instanceof HTMLElement &&
      (node.isContentEditable || node.matches('input, textarea, select'))
    );
  });
  if (inField) return null;
  const key = event.key.toLowerCase();
  const names = Object.keys(shortcuts) as Shortcut[];
  return names.find((name) => shortcuts[name] === key) ?? null;
}
