import type {
  CallRecorder,
  CallRecorderOptions,
  RecordedPerson,
  Recordings,
  RecordingServer,
} from '../../src/media/recording.ts';
import { RtcDeskError } from '../../src/protocol/errors.ts';

/** A recorder that records nothing, and says what it was told. */
export class FakeRecorder implements CallRecorder {
  people: readonly RecordedPerson[] = [];
  state: 'new' | 'recording' | 'paused' | 'closed' = 'new';
  /** How often it began to record. */
  segments = 0;

  constructor(readonly options: CallRecorderOptions) {}

  setPeople(people: readonly RecordedPerson[]): void {
    this.people = people;
  }

  record(): void {
    if (this.state !== 'recording') this.segments++;
    this.state = 'recording';
  }

  pause(): void {
    if (this.state === 'recording') this.state = 'paused';
  }

  async close(): Promise<void> {
    this.state = 'closed';
  }
}

/** An agent's recordings, without a browser that records. */
export class FakeRecordings implements Recordings {
  readonly recorders: FakeRecorder[] = [];
  server: RecordingServer | null = null;
  /** The code cannot be loaded. */
  refuse = false;
  /** Something lies stored. */
  hasStored = false;
  /** How often what is stored was to be sent. */
  sent = 0;
  closed = 0;

  open(server: RecordingServer): Recordings {
    if (this.refuse) throw new RtcDeskError('offline');
    this.server = server;
    return this;
  }

  openRecorder(options: CallRecorderOptions): CallRecorder {
    const recorder = new FakeRecorder(options);
    this.recorders.push(recorder);
    return recorder;
  }

  sendStored(): void {
    this.sent++;
  }

  async close(): Promise<void> {
    this.closed++;
  }
}
