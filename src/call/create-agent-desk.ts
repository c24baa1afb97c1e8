import type { AgentDeskControl } from './agent-desk-control.ts';
import { AgentDesk, type AgentDeskOptions } from './agent/desk.ts';
import type { OpenRecordings } from './agent/desk-recording.ts';
import { hasStoredSegments } from '../media/recorder/stored-segments.ts';
import { browserParts } from './compose.ts';

/** An agent's desk in one tab. It does nothing before `signIn` or `resume`. */
export function createAgentDesk(options: AgentDeskOptions): AgentDeskControl {
  const openRecordings: OpenRecordings = async (server) => {
    const { BrowserRecordings } = await import('../media/recorder/recordings.ts');
    return new BrowserRecordings(server);
  };
  return new AgentDesk(options, {
    ...browserParts(),
    openRecordings,
    hasStoredRecordings: () => hasStoredSegments(),
  });
}
