import { RtcDeskError } from '../../protocol/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { PendingCalls } from './pending-calls.ts';
import type { Tim, TimClient } from './sdk.ts';
import { asTimError, timCode } from './error.ts';

export interface TimGroupOptions {
  readonly tim: Tim;
  readonly client: TimClient;
  readonly room: number;
  /** The visitor only joins. */
  readonly mayMake: boolean;
  readonly clock: Clock;
  readonly calls: PendingCalls;
}

/** In ms. The visitor may be there before the agent's browser has made the group. */
const ANSWER = 8_000;
const MEETING = 30_000;
const MEETING_AGAIN = 1_000;

/** The group of this number is there already: somebody else's, or this person's own. */
const TAKEN = 10_021;
const OWN_ALREADY = 10_025;

/**
 * The group of a room, under the room's number. A Meeting: whoever has its number and a signature comes in
 * unasked, and the cloud keeps what was said for those who come later, as everyone does after a reload, with
 * another id. (An AVChatRoom keeps nothing; into a Work group one has to be called, into a Public one let in.)
 */
export class TimGroup {
  readonly #options: TimGroupOptions;
  readonly #id: string;
  #owner = false;

  constructor(options: TimGroupOptions) {
    this.#options = options;
    this.#id = String(options.room);
  }

  /** Makes it or joins it; tries for a while where it is not there yet. Rejects with an RtcDeskError. */
  async meet(): Promise<void> {
    const { clock, calls, mayMake } = this.#options;
    const until = clock.now() + MEETING;
    for (;;) {
      try {
        this.#owner = mayMake && (await this.#make());
        if (!this.#owner) await this.#join();
        return;
      } catch (error) {
        const failure = asTimError(error);
        if (failure.code !== 'not-found' || clock.now() >= until) throw failure;
      }
      await calls.pause(MEETING_AGAIN);
    }
  }

  /** Takes down the group that was made here, leaves the one that was joined. */
  async part(): Promise<void> {
    const { client } = this.#options;
    await (this.#owner ? client.dismissGroup(this.#id) : client.quitGroup(this.#id));
  }

  /** Answers false where it is there and somebody else's. */
  async #make(): Promise<boolean> {
    const { tim, client, calls } = this.#options;
    const group = { type: tim.TYPES.GRP_MEETING, name: this.#id, groupID: this.#id };
    try {
      await calls.ask(ANSWER, 'createGroup', client.createGroup(group));
      return true;
    } catch (error) {
      const code = timCode(error);
      if (code !== TAKEN && code !== OWN_ALREADY) throw error;
      return code === OWN_ALREADY;
    }
  }

  async #join(): Promise<void> {
    const { tim, client, calls } = this.#options;
    const group = { groupID: this.#id, type: tim.TYPES.GRP_MEETING };
    const { data } = await calls.ask(ANSWER, 'joinGroup', client.joinGroup(group));
    if (data?.status === tim.TYPES.JOIN_STATUS_WAIT_APPROVAL) {
      throw new RtcDeskError('forbidden', 'the group of this room lets nobody in unasked');
    }
  }
}
