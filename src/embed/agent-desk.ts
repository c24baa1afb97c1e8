/** `/agent-desk.js`: defines `<agent-desk>`, whose server is where this script came from. */
import { AgentDesk } from '../elements/agent-desk/agent-desk.ts';
import '../elements/agent-desk/define.ts';

AgentDesk.defaultServer ||= new URL(import.meta.url).origin;

export { AgentDesk };
export { RtcDeskError } from '../elements/agent-desk/desk-error.ts';
export type * from '../elements/agent-desk/public.ts';
