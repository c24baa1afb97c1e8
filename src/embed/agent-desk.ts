/** `/agent-desk.js`: defines `<agent-desk>`. Its default server is the origin of this script. */
import { AgentDesk } from '../elements/agent-desk/agent-desk.ts';
import '../elements/agent-desk/define.ts';

AgentDesk.defaultServer ||= new URL(import.meta.url).origin;

export { AgentDesk };
export type { Credentials } from '../call/agent-desk-control.ts';
export { RtcDeskError } from '../protocol/errors.ts';
export type { ChosenStatus } from '../protocol/views.ts';
export type {
  CallAcceptedEvent,
  CallOfferedEvent,
  CallWithdrawnEvent,
  DeskCall,
  DeskOffer,
  DeskReady,
  DeskReadyEvent,
  DeskStatus,
  DeskStatusEvent,
} from '../elements/agent-desk/events.ts';
export type {
  CallConnected,
  CallEnded,
  CallFailure,
} from '../elements/parts/events/call-events.ts';
