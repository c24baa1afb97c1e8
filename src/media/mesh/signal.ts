/** What one side says of its own sources; the highest `sequence` is the truth. */
export interface SourceStates {
  readonly sequence: number;
  readonly cameraOn: boolean;
  readonly microphoneOn: boolean;
  readonly screenOn: boolean;
}

/**
 * Which RTCPeerConnection, of all that two people had, a signal is about: who proposed it, and a number that
 * grows with each proposal (ms since 1970 by the proposer's steady clock), so that one that comes late is known.
 */
export interface SessionName {
  readonly by: string;
  readonly serial: number;
}

/** `number` counts the offers of one side in one session; an answer bears the number of its offer. */
export interface DescriptionSignal extends SessionName {
  readonly kind: 'offer' | 'answer';
  readonly number: number;
  readonly sdp: string;
  readonly states: SourceStates;
}

export interface CandidateSignal extends SessionName {
  readonly kind: 'candidate';
  readonly candidate: RTCIceCandidateInit;
}

/** The polite side asks the other to restart ICE: only one of the two does, so that offers never meet in it. */
export interface RestartSignal extends SessionName {
  readonly kind: 'restart';
}

/** What two peers say to each other. `bye`: the sender has left the room. */
export type MeshSignal =
  | DescriptionSignal
  | CandidateSignal
  | RestartSignal
  | { readonly kind: 'states'; readonly states: SourceStates }
  | { readonly kind: 'bye' };

/** Checks the shape of what came from another browser; null where it is none of ours. Extra fields are left out. */
export function readMeshSignal(data: unknown): MeshSignal | null {
  if (!isRecord(data)) return null;
  switch (data.kind) {
    case 'offer':
    case 'answer': {
      const { kind, by, serial, number, sdp } = data;
      const states = readStates(data.states);
      if (typeof by !== 'string' || !isCount(serial) || !isCount(number) || !states) return null;
      return typeof sdp === 'string' ? { kind, by, serial, number, sdp, states } : null;
    }
    case 'candidate': {
      const { kind, by, serial } = data;
      const candidate = readCandidate(data.candidate);
      if (typeof by !== 'string' || !isCount(serial) || !candidate) return null;
      return { kind, by, serial, candidate };
    }
    case 'restart': {
      const { kind, by, serial } = data;
      return typeof by === 'string' && isCount(serial) ? { kind, by, serial } : null;
    }
    case 'states': {
      const states = readStates(data.states);
      return states && { kind: 'states', states };
    }
    case 'bye':
      return { kind: 'bye' };
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
 * A number above `last`, and above all that an earlier adapter of this page gave out: ms since 1970 by a clock that
 * is never set back while the page lives.
 */
export function nextSerial(last: number): number {
  return Math.max(last + 1, Math.floor(performance.timeOrigin + performance.now()));
}
