import type { Clock } from '../../platform/clock.ts';
import type { SourceName } from '../local-media.ts';
import type {
  CandidateSignal,
  DescriptionSignal,
  MeshSignal,
  SessionName,
  SourceStates,
} from './signal.ts';
import { shapeSending } from './encoding.ts';

/** The m-lines of every session, in this order: later changes are `replaceTrack`, and need no new offer. */
const LINES: readonly { source: SourceName; kind: 'audio' | 'video' }[] = [
  { source: 'microphone', kind: 'audio' },
  { source: 'camera', kind: 'video' },
  { source: 'screen', kind: 'video' },
];

/** An offer without an answer is sent again after this, then after twice that, and so on. */
const FIRST_RESEND = 250;
const LONGEST_RESEND = 4_000;
/** More than any browser gathers; candidates beyond are dropped. */
const HELD_CANDIDATES = 64;

export type Tracks = Readonly<Record<SourceName, MediaStreamTrack | null>>;

export interface MeshConnectionOptions {
  readonly name: SessionName;
  /** Of two offers that meet, the polite side's gives way. */
  readonly polite: boolean;
  readonly connection: RTCPeerConnection;
  readonly clock: Clock;
  /** What is to be sent when the lines are there. */
  readonly tracks: () => Tracks;
  readonly states: () => SourceStates;
  readonly send: (signal: MeshSignal) => void;
  /** How a picture is to be sent at this moment. */
  readonly shape: (source: 'camera' | 'screen') => RTCRtpEncodingParameters;
  /** The connection's state changed, or its lines are there. */
  readonly changed: () => void;
  /** The browser refused a description: this session cannot go on. */
  readonly failed: (error: unknown) => void;
}

/**
 * One RTCPeerConnection from its first offer to its close. Offers and answers are handled one after another,
 * so that "have I an offer out" has one answer at any time (the perfect negotiation of
 * https://www.w3.org/TR/webrtc/#perfect-negotiation-example, without its flags).
 */
export class MeshConnection {
  readonly name: SessionName;
  readonly connection: RTCPeerConnection;
  readonly #options: MeshConnectionOptions;
  #work: Promise<void> = Promise.resolve();
  #closed = false;
  #answered = false;
  #offers = 0;
  #answeredOffer = -1;
  #lines: Partial<Record<SourceName, RTCRtpTransceiver>> = {};
  #held: RTCIceCandidateInit[] = [];
  #cancelResend: (() => void) | null = null;

  constructor(options: MeshConnectionOptions) {
    this.#options = options;
    this.name = options.name;
    this.connection = options.connection;
    this.connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) {
        options.send({ kind: 'candidate', ...this.name, candidate: candidate.toJSON() });
      }
    };
    this.connection.onconnectionstatechange = () => options.changed();
  }

  /** Whether both sides have agreed on this session. */
  get answered(): boolean {
    return this.#answered;
  }

  receiver(source: SourceName): RTCRtpReceiver | null {
    return this.#lines[source]?.receiver ?? null;
  }

  /** Sends the pictures as large, and as dear, as they should be by now. */
  async shape(): Promise<void> {
    const shaped = (['camera', 'screen'] as const).map((source) => {
      const sender = this.#lines[source]?.sender;
      return sender && shapeSending(sender, this.#options.shape(source));
    });
    await Promise.all(shaped);
  }

  /** Makes the first offer, or one that restarts ICE. Sent again until it is answered. */
  offer(restart = false): void {
    this.#enqueue(async () => {
      const { connection } = this;
      if (!this.#answered && this.#offers === 0) {
        this.#makeLines();
        this.#options.changed();
      }
      if (restart) connection.restartIce();
      this.#offers += 1;
      await connection.setLocalDescription();
      if (connection.signalingState === 'have-local-offer') this.#sendOffer(FIRST_RESEND);
    });
  }

  /** Sends the offer that is still without an answer at once. Answers whether there is one. */
  resendOffer(): boolean {
    if (this.#closed || this.connection.signalingState !== 'have-local-offer') return false;
    this.#sendOffer(FIRST_RESEND);
    return true;
  }

  handle(signal: DescriptionSignal | CandidateSignal): void {
    this.#enqueue(async () => {
      if (signal.kind === 'candidate') await this.#handleCandidate(signal.candidate);
      else if (signal.kind === 'offer') await this.#handleOffer(signal);
      else await this.#handleAnswer(signal);
    });
  }

  /** Sends other tracks on the same lines. */
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
      // It comes again because the answer was lost.
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
    // Not before: until it has answered, Chromium 147 knows of no encodings.
    await this.shape();
    await this.#addHeld();
    this.#options.changed();
  }

  async #handleAnswer({ number, sdp }: DescriptionSignal): Promise<void> {
    if (number !== this.#offers || this.connection.signalingState !== 'have-local-offer') return;
    this.#cancelResend?.();
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
    this.#answered = true;
    await this.#addHeld();
    this.#options.changed();
  }

  /** One that belongs to a description which is still on its way is held back for it. */
  async #handleCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    const sdp = this.connection.remoteDescription?.sdp;
    const { usernameFragment } = candidate;
    if (!sdp || (usernameFragment && !sdp.includes(`a=ice-ufrag:${usernameFragment}`))) {
      if (this.#held.length < HELD_CANDIDATES) this.#held.push(candidate);
      return;
    }
    try {
      await this.connection.addIceCandidate(candidate);
    } catch {
      // Of a kind that this browser cannot use, or of a generation that is over: others carry the call.
    }
  }

  async #addHeld(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    for (const candidate of held) await this.#handleCandidate(candidate);
  }

  /** With their tracks from the beginning: what is put on a line later costs the first offer a round of the browser. */
  #makeLines(): void {
    const tracks = this.#options.tracks();
    for (const { source, kind } of LINES) {
      this.#lines[source] = this.connection.addTransceiver(tracks[source] ?? kind, {
        direction: 'sendrecv',
        ...(source === 'microphone' ? {} : { sendEncodings: [this.#options.shape(source)] }),
      });
    }
  }

  /** The answering side takes the lines that the offer brought. Throws where they are not ours. */
  #adoptLines(): void {
    const transceivers = this.connection.getTransceivers();
    LINES.forEach(({ source, kind }, index) => {
      const transceiver = transceivers[index];
      if (transceiver?.receiver.track.kind !== kind) throw new Error('The offer has other lines.');
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
      this.#sendOffer(Math.min(LONGEST_RESEND, resendAfter * 2));
    });
  }

  #sendAnswer(number: number): void {
    this.#send('answer', number);
  }

  /** With the candidates that are known by now: those that were lost on the way come with it. */
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
        // A connection that was closed meanwhile rejects what it was doing; nobody waits for that.
        if (!this.#closed) this.#options.failed(error);
      }
    });
  }
}
