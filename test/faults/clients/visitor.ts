import { randomBytes } from 'node:crypto';
import type { VisitorView } from '../../../src/protocol/views.ts';
import type { HelloBody } from '../../support/protocol-client.ts';
import type { Recorder } from '../recorder.ts';
import { Client, type ServerAddress } from './client.ts';

/** A visitor who asks for help at once, and enters the room as soon as there is one. */
export class Visitor extends Client<VisitorView> {
  /** Whether the visitor enters the room. */
  entersRooms = true;
  #resume = randomBytes(32).toString('base64url');
  #fresh = true;
  /** The participant that entered, and over which socket. */
  #entered = '';

  constructor(
    name: string,
    private readonly site: string,
    private readonly skill: string,
    servers: readonly ServerAddress[],
    recorder: Recorder,
  ) {
    super(name, servers, recorder);
    this.requestCall();
  }

  get hasEnded(): boolean {
    return this.view?.call?.state === 'ended';
  }

  /** Asks for help. Asking again is the same call. */
  requestCall(): void {
    const { skill, name } = this;
    this.command({ type: 'request-call', resume: this.#resume, skill, name, params: {} });
  }

  /** Loads the page again. */
  reload(node: number): void {
    this.leave();
    this.#fresh = true;
    this.connect(node);
  }

  /** Enters every room from now on, also the one that is already in the view. */
  enterFromNowOn(): void {
    this.entersRooms = true;
    this.reactAgain();
  }

  endCall(): void {
    const callId = this.view?.call?.id;
    if (callId && !this.hasEnded) this.command({ type: 'end-call', callId });
  }

  write(): void {
    const room = this.view?.call?.rooms[0]?.number;
    if (room !== undefined && !this.hasEnded) this.sendMessages(room);
  }

  protected hello(): HelloBody {
    const fresh = this.#fresh;
    this.#fresh = false;
    return {
      role: 'visitor',
      site: this.site,
      resume: this.#resume,
      ...(fresh ? { fresh } : {}),
    };
  }

  protected react({ call }: VisitorView, socket: number): void {
    const ticket = call?.rooms[0]?.ticket;
    if (!ticket || !this.entersRooms) return;
    const { room, participant } = ticket;
    const entered = `${socket}/${participant}`;
    if (this.#entered === entered) return;
    this.#entered = entered;
    this.command({ type: 'enter-room', room, participant });
  }
}
