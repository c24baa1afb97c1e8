import { randomBytes } from 'node:crypto';
import type { VisitorView } from '../../../src/protocol/views.ts';
import type { HelloBody } from '../../support/protocol-client.ts';
import type { Recorder } from '../recorder.ts';
import { Person, type Door } from './client.ts';

/** Asks for help at once, and goes into the room as soon as there is one. */
export class Visitor extends Person<VisitorView> {
  /** Whether the room is not entered though it may be. */
  dawdles = false;
  #resume = randomBytes(32).toString('base64url');
  #fresh = true;
  /** The join that was entered, and over which socket. */
  #entered = '';

  constructor(
    name: string,
    private readonly site: string,
    private readonly skill: string,
    doors: readonly Door[],
    recorder: Recorder,
  ) {
    super(name, doors, recorder);
    this.askForHelp();
  }

  get over(): boolean {
    return this.view?.call?.state === 'ended';
  }

  /** The first time, and again when the button is pressed twice: it is the same call. */
  askForHelp(): void {
    const { skill, name } = this;
    this.ask({ type: 'request-call', resume: this.#resume, skill, name, params: {} });
  }

  /** The page is loaded anew. */
  reload(door: number): void {
    this.leave();
    this.#fresh = true;
    this.come(door);
  }

  /** Does at once what the view has waited for. */
  wakeUp(): void {
    this.dawdles = false;
    this.look();
  }

  hangUp(): void {
    const callId = this.view?.call?.id;
    if (callId && !this.over) this.ask({ type: 'end-call', callId });
  }

  write(): void {
    const room = this.view?.call?.room?.number;
    if (room !== undefined && !this.over) this.say(room);
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

  protected react({ call }: VisitorView, line: number): void {
    if (!call?.ticket || this.dawdles) return;
    const { room, participant } = call.ticket;
    const join = `${line}/${participant}`;
    if (this.#entered === join) return;
    this.#entered = join;
    this.ask({ type: 'enter-room', room, participant });
  }
}
