import type { ToolMessage } from '../../../call/room-control.ts';
import type { ToolContext } from './tool-context.ts';

/** Handles a message of the same tool at another participant. It has to check the message's fields. */
export type ToolHandler = (context: ToolContext, message: ToolMessage, from: string) => unknown;

/** The handler of each tool, by the `tool` of its messages. Each loads a chunk of its own. */
export const TOOL_HANDLERS: Readonly<Record<string, () => Promise<ToolHandler>>> = {
  captions: async () => (await import('../captions/follow-captions.ts')).handleCaptions,
};
