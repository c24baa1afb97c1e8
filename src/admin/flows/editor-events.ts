import type { Flow } from '../../protocol/flow.ts';

/** The document was changed. With the same `group` as the change before, both are undone together. */
export class FlowChangeEvent extends Event {
  constructor(
    readonly flow: Flow,
    readonly group: string | null = null,
    /** What is selected afterwards. Left out: as before. */
    readonly selection?: readonly string[],
  ) {
    super('flow-change', { bubbles: true, composed: true });
  }
}

/** Steps are selected. `open`: the focus goes to the side panel. */
export class FlowSelectEvent extends Event {
  constructor(
    readonly ids: readonly string[],
    readonly open = false,
  ) {
    super('flow-select', { bubbles: true, composed: true });
  }
}

export type EditorCommand = 'undo' | 'redo' | 'copy' | 'paste' | 'delete' | 'select-all' | 'save';

/** A key for the whole editor was pressed. */
export class EditorCommandEvent extends Event {
  constructor(readonly command: EditorCommand) {
    super('editor-command', { bubbles: true, composed: true });
  }
}

/** The command of a key; null: the key has none. */
export function commandOf(event: KeyboardEvent): EditorCommand | null {
  const { key, shiftKey } = event;
  if (key === 'Delete' || key === 'Backspace') return 'delete';
  if (!event.ctrlKey && !event.metaKey) return null;
  switch (key.toLowerCase()) {
    case 'z':
      return shiftKey ? 'redo' : 'undo';
    case 'y':
      return 'redo';
    case 'c':
      return 'copy';
    case 'v':
      return 'paste';
    case 'a':
      return 'select-all';
    case 's':
      return 'save';
    default:
      return null;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'flow-change': FlowChangeEvent;
    'flow-select': FlowSelectEvent;
    'editor-command': EditorCommandEvent;
  }
}
