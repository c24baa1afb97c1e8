import { announceUrgentWork } from '../../platform/urgent-work.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SourceName } from '../local-media.ts';
import type {
  CandidateSignal,
  DescriptionSignal,
  MeshSignal,
  ConnectionName,
  SourceStates,
} from './signal.ts';
import { applyEncoding, type Encoding } from './encoding.ts';

/** The m-lines of every connection, in this order. Later changes use `replaceTrack` and need no new offer. */
const LINES: readonly { source: SourceName; kind: 'audio' | 'video' }[] = [
  { source: 'microphone', kind: 'audio' },
  { source: 'camera', kind: 'video' },
  { source: 'screen', kind: 'video' },
];

/** An offer without an answer is sent again after this time. The time doubles up to the longest. */
const FIRST_RESEND_MS = 250;
const LONGEST_RESEND_MS = 4_000;
/** No browser gathers more. Further candidates are dropped. */
const MAX_EARLY_CANDIDATES = 64;

export type Tracks = Readonly<Record<SourceName, MediaStreamTrack | null>>;

export interface MeshConnectionOptions {
  readonly name: ConnectionName;
  /** If two offers collide, the polite side drops its own. */
  readonly polite: boolean;
  readonly clock: Clock;
  /** The tracks to send. */
  readonly tracks: () => Tracks;
  readonly states: () => SourceStates;
  readonly send: (signal: MeshSignal) => void;
  /** How a picture is to be sent at the moment. */
  readonly encoding: (source: 'camera' | 'screen') => Encoding;
  /** The connection's state has changed, or its m-lines have been made. */
  readonly onChange: () => void;
  /** The browser refused a description: this connection cannot go on. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * One RTCPeerConnection from its first offer to its close. It follows the perfect negotiation of
 * https://www.w3.org/TR/webrtc/#perfect-negotiation-example. Offers and answers are handled one after another, so that
 * the signaling state alone tells whether an offer is pending, without the flags of that example.
 */
export class MeshConnection {
  readonly connection: RTCPeerConnection;
  #options: MeshConnectionOptions;
  #work: Promise<void> = Promise.resolve();
  #closed = false;
  #answered = false;
  #offers = 0;
  #answeredOffer = -1;
  #lines: Partial<Record<SourceName, RTCRtpTransceiver>> = {};
  #earlyCandidates: RTCIceCandidateInit[] = [];
  #cancelResend: (() => void) | null = null;

  constructor(options: MeshConnectionOptions, connection: RTCPeerConnection) {
    this.#options = options;
    this.connection = connection;
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) {
        this.#options.send({ kind: 'candidate', ...this.name, candidate: candidate.toJSON() });
      }
    };
    connection.onconnectionstatechange = () => this.#options.onChange();
  }

  get name(): ConnectionName {
    return this.#options.name;
  }

  /** From now on it belongs to another owner. */
  handOver(options: MeshConnectionOptions): void {
    this.#options = options;
  }

  /** Whether both sides have agreed on this connection. */
  get answered(): boolean {
    return this.#answered;
  }

  receiver(source: SourceName): RTCRtpReceiver | null {
    return this.#lines[source]?.receiver ?? null;
  }

  /** Sets the size and bitrate of the pictures. */
  async applyEncodings(): Promise<void> {
    const applied = (['camera', 'screen'] as const).map((source) => {
      const sender = this.#lines[source]?.sender;
      return sender && applyEncoding(sender, this.#options.encoding(source));
    });
    await Promise.all(applied);
  }

  /** Makes the first offer, or one that restarts ICE. It is sent again until it is answered. */
  offer(restart = false): void {
    this.#enqueue(async () => {
      const { connection } = this;
      if (!this.#answered && this.#offers === 0) {
        this.#makeLines();
        this.#options.onChange();
      }
      if (restart) connection.restartIce();
      this.#offers += 1;
      await connection.setLocalDescription();
      if (connection.signalingState === 'have-local-offer') this.#sendOffer(FIRST_RESEND_MS);
    });
  }

  /** Sends the unanswered offer again at once. Returns whether there is one. */
  resendOffer(): boolean {
    if (this.#closed || this.connection.signalingState !== 'have-local-offer') return false;
    this.#sendOffer(FIRST_RESEND_MS);
    return true;
  }

  handle(signal: DescriptionSignal | CandidateSignal): void {
    this.#enqueue(async () => {
      if (signal.kind === 'candidate') await this.#handleCandidate(signal.candidate);
      else if (signal.kind === 'offer') await this.#handleOffer(signal);
      else await this.#handleAnswer(signal);
    });
  }

  /** Sends other tracks on the same m-lines. */
  replaceTracks(): void {
    this.#enqueue(() => this.#putTracks());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelResend?.();
    this.connection.onicecandidate = null;
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  async #handleOffer({ number, sdp }: DescriptionSignal): Promise<void> {
    const { connection } = this;
    if (number <= this.#answeredOffer) {
      // The offer comes again because the answer was lost.
      if (number === this.#answeredOffer && connection.localDescription?.type === 'answer') {
        this.#sendAnswer(number);
      }
      return;
    }
    if (connection.signalingState === 'have-local-offer') {
      if (!this.#options.polite) return;
      this.#cancelResend?.();
    }
    await connection.setRemoteDescription({ type: 'offer', sdp });
    if (!this.#lines.microphone) this.#adoptLines();
    await this.#putTracks();
    await connection.setLocalDescription();
    this.#answeredOffer = number;
    this.#answered = true;
    this.#sendAnswer(number);
    // Before the answer, Chromium 147 has no encodings.
    await this.applyEncodings();
    await this.#addHeld();
    this.#options.onChange();
  }

  async #handleAnswer({ number, sdp }: DescriptionSignal): Promise<void> {
    if (number !== this.#offers || this.connection.signalingState !== 'have-local-offer') return;
    this.#cancelResend?.();
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
    this.#answered = true;
    await this.#addHeld();
    this.#options.onChange();
  }

  /** Holds a candidate until the description that it belongs to arrives. */
  async #handleCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    const sdp = this.connection.remoteDescription?.sdp;
    const { usernameFragment } = candidate;
    if (!sdp || (usernameFragment && !sdp.includes(`a=ice-ufrag:${usernameFragment}`))) {
      if (this.#earlyCandidates.length < MAX_EARLY_CANDIDATES)
        this.#earlyCandidates.push(candidate);
      return;
    }
    try {
      await this.connection.addIceCandidate(candidate);
    } catch {
      // This browser cannot use it, or it belongs to an earlier generation. Other candidates carry the call.
    }
  }

  async #addHeld(): Promise<void> {
    const held = this.#earlyCandidates;
    this.#earlyCandidates = [];
    for (const candidate of held) await this.#handleCandidate(candidate);
  }

  /** Sets the tracks at once: setting them later would delay the first offer. */
  #makeLines(): void {
    const tracks = this.#options.tracks();
    for (const { source, kind } of LINES) {
      this.#lines[source] = this.connection.addTransceiver(tracks[source] ?? kind, {
        direction: 'sendrecv',
        ...(source === 'microphone'
          ? {}
          : { sendEncodings: [this.#options.encoding(source).encoding] }),
      });
    }
  }

  /** The answering side takes the m-lines of the offer. Throws if they are not those of a mesh. */
  #adoptLines(): void {
    const transceivers = this.connection.getTransceivers();
    LINES.forEach(({ source, kind }, index) => {
      const transceiver = transceivers[index];
      if (transceiver?.receiver.track.kind !== kind) throw new Error('other m-lines');
      transceiver.direction = 'sendrecv';
      this.#lines[source] = transceiver;
    });
  }

  async #putTracks(): Promise<void> {
    const tracks = this.#options.tracks();
    await Promise.all(
      LINES.map(({ source }) => {
        const sender = this.#lines[source]?.sender;
        return sender && sender.track !== tracks[source] && sender.replaceTrack(tracks[source]);
      }),
    );
  }

  #sendOffer(resendAfter: number): void {
    this.#send('offer', this.#offers);
    this.#cancelResend?.();
    this.#cancelResend = this.#options.clock.after(resendAfter, () => {
      if (this.connection.signalingState !== 'have-local-offer') return;
      this.#sendOffer(Math.min(LONGEST_RESEND_MS, resendAfter * 2));
    });
  }

  #sendAnswer(number: number): void {
    this.#send('answer', number);
  }

  /** The description contains all candidates so far, so that lost ones arrive with it. */
  #send(kind: 'offer' | 'answer', number: number): void {
    const sdp = this.connection.localDescription?.sdp;
    if (!sdp) return;
    this.#options.send({ kind, ...this.name, number, sdp, states: this.#options.states() });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#closed) return;
      try {
        await work();
      } catch (error) {
        // A closed connection rejects its pending operations. That is no failure.
        if (!this.#closed) this.#options.onFailure(error);
      }
    });
    announceUrgentWork(this.#work);
  }
}
