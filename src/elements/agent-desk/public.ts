/** The types that those who embed the desk need. */
export type { ChosenStatus, Credentials } from '../../call/agent-desk-control.ts';
export type { CallConnected, CallEnded, CallFailure } from '../parts/events/call-events.ts';
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
} from './events.ts';
