/** What stands behind the button More, and what comes from the others' tools. A chunk of its own. */
import type { ToolMessage } from '../../../call/room-control.ts';
import { CONTROLS, type ControlName } from '../controls/call-controls.ts';
import { MORE_ENTRIES, type MoreEntry } from './more-entries.ts';
import { MoreMenu } from './more-menu.ts';
import { toolContext, type ToolContext, type ToolHost } from './tool-context.ts';
import { TOOL_HANDLERS } from './tool-handlers.ts';

if (!customElements.get('rtc-more-menu')) customElements.define('rtc-more-menu', MoreMenu);

/** Opens the menu beside its button, or runs one of its tools. */
export async function handleRequest(
  host: ToolHost,
  { anchor, tool }: { readonly anchor: HTMLElement | null; readonly tool?: string },
): Promise<void> {
  const context = toolContext(host);
  if (!context) return;
  const entries = MORE_ENTRIES.filter((entry) => isOffered(entry, context));
  if (tool) await entries.find(({ id }) => id === tool)?.run(context);
  else if (anchor) await MoreMenu.toggle(context, entries, anchor);
}

/** Hands a message to its tool. A message for a tool that this version does not have is dropped. */
export async function handleToolMessage(
  host: ToolHost,
  message: ToolMessage,
  from: string,
): Promise<void> {
  const load = Object.hasOwn(TOOL_HANDLERS, message.tool) ? TOOL_HANDLERS[message.tool] : undefined;
  const handle = await load?.();
  const context = toolContext(host);
  if (context) handle?.(context, message, from);
}

/** Shows the drawings of the host's room from now on. */
export async function followDrawing(host: ToolHost): Promise<void> {
  (await import('../drawing/follow-drawing.ts')).followDrawing(host);
}

/** Shows the captions of the host's room, and writes what is said here. */
export async function followCaptions(host: ToolHost): Promise<void> {
  (await import('../captions/follow-captions.ts')).followCaptions(host);
}

function isOffered({ id, for: roles, shown }: MoreEntry, context: ToolContext): boolean {
  const name = id as ControlName;
  if (CONTROLS.includes(name) && !context.host.controls.includes(name)) return false;
  return roles.includes(context.self.role) && (shown?.(context) ?? true);
}
