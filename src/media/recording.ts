import type { ParticipantRole, RecorderFailure } from '../protocol/views.ts';

/** One person as the recording shows them. */
export interface RecordedPerson {
  readonly id: string;
  readonly name: string;
  readonly role: ParticipantRole;
  /** Live tracks; null if there is none. */
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  readonly sound?: MediaStreamTrack | null | undefined;
}

/** Where recordings are sent, and as whom. */
export interface RecordingServer {
  /** The desk's address. */
  readonly address: string;
  /** The agent. Stored slices are sent by this agent's desks alone. */
  readonly agent: string;
  /** The headers of a request that say who sends it. They may change from one request to the next. */
  readonly headers: () => Readonly<Record<string, string>>;
}

export interface CallRecorderOptions {
  readonly recording: string;
  /** Burnt into the picture. */
  readonly callNumber: string;
  /** The server's time, in ms since 1970. Burnt into the picture. */
  readonly now: () => number;
  /** Called at most once. The recorder has stopped; what it stored is still sent. */
  readonly onFailure: (failure: RecorderFailure) => void;
}

/** Records one call in this browser, segment by segment, and sends it. */
export interface CallRecorder {
  /** Who is in the call now. */
  setPeople(people: readonly RecordedPerson[]): void;
  /** Begins a segment. Does nothing while one is being recorded. */
  record(): void;
  /** Ends the segment. Nothing is recorded until `record`. */
  pause(): void;
  /** Ends the segment and releases everything. What is stored is sent on. Resolves when all is stored. Idempotent. */
  close(): Promise<void>;
}

/** One agent's recordings in this page. */
export interface Recordings {
  /** It records nothing before `record`. */
  openRecorder(options: CallRecorderOptions): CallRecorder;
  /** Sends what earlier pages of this agent have stored. */
  sendStored(): void;
  /** The agent has left the desk: nothing more is recorded or sent. What is stored stays. */
  close(): Promise<void>;
}
