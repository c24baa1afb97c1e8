import * as wrapUp from '../../wrap-up/save-note.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

export const saveNote: CommandHandler<'save-note'> = async (node, connection, { callId, note }) => {
  const { agentId } = requireViewer(connection, 'agent');
  await wrapUp.saveNote(node.database, { callId, agentId, text: note });
  return null;
};
