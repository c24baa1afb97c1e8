/** What one side reports about its own sources. The highest `sequence` is the newest. */
export interface SourceStates {
  readonly sequence: number;
  readonly cameraOn: boolean;
  readonly microphoneOn: boolean;
  readonly screenOn: boolean;
}

/**
 * Names one RTCPeerConnection of two people: who proposed it, and a number that grows with each proposal (ms since 1970
 * by the proposer's monotonic clock). So late signals of an earlier connection are recognised.
 */
export interface ConnectionName {
  readonly by: string;
  readonly serial: number;
}

/** `number` counts one side's offers in one connection. An answer has the number of its offer. */
export interface DescriptionSignal extends ConnectionName {
  readonly kind: 'offer' | 'answer';
  readonly number: number;
  readonly sdp: string;
  readonly states: SourceStates;
}

export interface CandidateSignal extends ConnectionName {
  readonly kind: 'candidate';
  readonly candidate: RTCIceCandidateInit;
}

/** The polite side asks the impolite one to restart ICE. Only that one does, so that two restarts never collide. */
export interface RestartSignal extends ConnectionName {
  readonly kind: 'restart';
}

/** The signals between two participants. `bye` is the leave notice: the sender has left the room. */
export type MeshSignal =
  | DescriptionSignal
  | CandidateSignal
  | RestartSignal
  | { readonly kind: 'states'; readonly states: SourceStates }
  | { readonly kind: 'bye' };

/**
 * Checks what another client sent. Null if it is not a signal of ours. Further fields are dropped. An offer without
 * `by` was made by its sender, who had no id yet.
 */
export function readMeshSignal(data: unknown, from: string): MeshSignal | null {
  if (!isRecord(data)) return null;
  const { kind, serial, number, sdp, by = kind === 'offer' ? from : null } = data;
  const name = typeof by === 'string' && isCount(serial) ? { by, serial } : null;
  const states = readStates(data.states);
  switch (kind) {
    case 'offer':
    case 'answer': {
      const complete = isCount(number) && typeof sdp === 'string';
      return name && states && complete ? { kind, ...name, number, sdp, states } : null;
    }
    case 'candidate': {
      const candidate = readCandidate(data.candidate);
      return name && candidate && { kind, ...name, candidate };
    }
    case 'restart':
      return name && { kind, ...name };
    case 'states':
      return states && { kind, states };
    case 'bye':
      return { kind };
    default:
      return null;
  }
}

function readStates(value: unknown): SourceStates | null {
  if (!isRecord(value)) return null;
  const { sequence, cameraOn, microphoneOn, screenOn } = value;
  if (!isCount(sequence) || typeof cameraOn !== 'boolean') return null;
  if (typeof microphoneOn !== 'boolean' || typeof screenOn !== 'boolean') return null;
  return { sequence, cameraOn, microphoneOn, screenOn };
}

function readCandidate(value: unknown): RTCIceCandidateInit | null {
  if (!isRecord(value) || typeof value.candidate !== 'string') return null;
  const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = value;
  return {
    candidate,
    sdpMid: typeof sdpMid === 'string' ? sdpMid : null,
    sdpMLineIndex: isCount(sdpMLineIndex) ? sdpMLineIndex : null,
    usernameFragment: typeof usernameFragment === 'string' ? usernameFragment : null,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * A number above `last` and above all numbers of earlier adapters of this page: ms since 1970 by a clock that is never
 * set back while the page lives.
 */
export function nextSerial(last: number): number {
  return Math.max(last + 1, Math.floor(performance.timeOrigin + performance.now()));
}
