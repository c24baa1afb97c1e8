import type { CallRecorder, Recordings, RecordingServer } from '../../media/recording.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CommandBody } from '../../protocol/client-messages.ts';
import type { AgentView, CallRecordingView, RecorderFailure } from '../../protocol/views.ts';
import type { RoomControl } from '../room-control.ts';

/** Loads the code that records and sends. Rejects if it cannot be loaded. */
export type OpenRecordings = (server: RecordingServer) => Promise<Recordings>;

export interface DeskRecordingOptions {
  /** The desk's address. */
  readonly server: string;
  readonly clock: Clock;
  readonly open: OpenRecordings;
  /** Whether earlier pages have left something to send. */
  readonly hasStored: () => Promise<boolean>;
  /** Of requests: who is signed in. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly ask: (body: CommandBody<'recording-failed' | 'start-recording'>) => Promise<unknown>;
}

/** A call that the server wants recorded, and this tab's session in its room. */
export interface RecordedCall {
  readonly id: string;
  readonly recording: CallRecordingView;
  readonly room: RoomControl;
}

/** A recorder of one call in one room. */
interface Running {
  readonly id: string;
  readonly room: RoomControl;
  /** Null while its code is loading. */
  recorder: CallRecorder | null;
  readonly unsubscribe: () => void;
}

/**
 * Records in the agent's browser what the server's view wants recorded, and sends what an earlier page has left. The code
 * for it is loaded when it is needed.
 */
export class DeskRecording {
  readonly #options: DeskRecordingOptions;
  #recordings: Promise<Recordings> | null = null;
  /** Whose `#recordings` they are. */
  #agent: string | null = null;
  #running: Running | null = null;
  #call: RecordedCall | null = null;
  #clockOffset = 0;
  /** The recording that this page has begun again after another one was lost. */
  #begunAgain: string | null = null;
  /** The recording with which this browser cannot go on, and whether the server knows it. */
  #failed: { readonly id: string; known: boolean } | null = null;

  constructor(options: DeskRecordingOptions) {
    this.#options = options;
  }

  /** `call` is null if nothing is to be recorded in this tab. */
  follow({ agent }: AgentView, call: RecordedCall | null, clockOffset: number): void {
    this.#clockOffset = clockOffset;
    if (agent.id !== this.#agent) {
      this.#agent = agent.id;
      void this.#sendLeft(agent.id);
    }
    this.#call = call;
    const state = call?.recording.state;
    if (this.#failed) {
      // An agent has begun it again.
      if (call?.recording.id !== this.#failed.id) this.#failed = null;
      else if (state === 'failed') this.#failed.known = true;
      else if (state === 'recording' && this.#failed.known) this.#failed = null;
    }
    const runs = this.#running?.id === call?.recording.id;
    // `failed` while this page records: the network was away, and what was recorded is on its way.
    const wanted = state === 'recording' || state === 'paused' || (state === 'failed' && runs);
    if (!call || !wanted || this.#failed) {
      this.#end();
      if (call && state === 'failed' && !this.#failed) this.#beginAgain(call);
      return;
    }
    if (this.#running?.id !== call.recording.id || this.#running.room !== call.room) {
      this.#end();
      this.#begin(call);
    }
    this.#steer();
  }

  /** The agent has left the desk. What is not sent stays stored. */
  close(): void {
    this.#end();
    this.#recordings?.then(
      (recordings) => recordings.close(),
      () => {
        // Its code could not be loaded.
      },
    );
    this.#recordings = this.#agent = this.#call = this.#failed = null;
  }

  /** The page that recorded was lost for too long: this one takes over, and tells everybody first. Once for a recording. */
  #beginAgain({ id: callId, recording: { id } }: RecordedCall): void {
    if (this.#begunAgain === id) return;
    this.#begunAgain = id;
    this.#options.ask({ type: 'start-recording', callId }).catch(() => {
      // The agent sees that nothing is recorded, and can begin it.
    });
  }

  #begin(call: RecordedCall): void {
    const { id, recording, room } = call;
    const running: Running = {
      id: recording.id,
      room,
      recorder: null,
      unsubscribe: room.subscribe(() => this.#steer()),
    };
    this.#running = running;
    this.#open().then(
      (recordings) => {
        if (this.#running !== running) return;
        running.recorder = recordings.openRecorder({
          recording: recording.id,
          callNumber: id,
          now: () => this.#options.clock.now() + this.#clockOffset,
          onFailure: (failure) => this.#fail(call, failure),
        });
        this.#steer();
      },
      () => {
        if (this.#running === running) this.#fail(call, 'unsupported');
      },
    );
  }

  /** Tells the recorder who is in the room, and whether to record now. */
  #steer(): void {
    const { recorder, room } = this.#running ?? {};
    if (!recorder || !room) return;
    const { people, state } = room.getSnapshot();
    recorder.setPeople(people);
    const paused = this.#call?.recording.state === 'paused' || state === 'joining';
    if (paused) recorder.pause();
    else recorder.record();
  }

  #end(): void {
    this.#running?.unsubscribe();
    void this.#running?.recorder?.close();
    this.#running = null;
  }

  #fail({ id: callId, recording }: RecordedCall, reason: RecorderFailure): void {
    this.#failed = { id: recording.id, known: false };
    this.#end();
    this.#options.ask({ type: 'recording-failed', callId, reason }).catch(() => {
      // The call is over; or the server is out of reach, and notices by itself that nothing arrives.
    });
  }

  // ---- sending ---------------------------------------------------------------------------------

  #open(): Promise<Recordings> {
    return (this.#recordings ??= this.#load());
  }

  async #load(): Promise<Recordings> {
    const { open, headers, server: address } = this.#options;
    const agent = this.#agent!;
    try {
      const recordings = await open({ address, agent, headers });
      // The page before may have left something of this very recording: it is sent first.
      recordings.sendStored();
      return recordings;
    } catch (error) {
      // The next use loads it again.
      if (this.#agent === agent) this.#recordings = null;
      throw error;
    }
  }

  async #sendLeft(agent: string): Promise<void> {
    try {
      const left = await this.#options.hasStored();
      if (left && this.#agent === agent) await this.#open();
    } catch {
      // This page stores nothing; or its code was not loaded, and the next sign-in tries again.
    }
  }
}
