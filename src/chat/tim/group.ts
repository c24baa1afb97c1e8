import type { Clock } from '../../platform/clock.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { PendingCalls } from './pending-calls.ts';
import type { Tim, TimClient } from './sdk.ts';
import { asTimError, timCode } from './error.ts';

export interface TimGroupOptions {
  readonly tim: Tim;
  readonly client: TimClient;
  readonly room: number;
  /** False for a visitor, who only joins. */
  readonly mayCreate: boolean;
  readonly clock: Clock;
  readonly calls: PendingCalls;
}

const ANSWER_TIMEOUT_MS = 8_000;
/** A visitor may arrive before the agent's browser has created the group. */
const ENTER_TIMEOUT_MS = 30_000;
const ENTER_RETRY_MS = 1_000;

/** The group exists already: somebody else owns it, or this person does. */
const GROUP_EXISTS = 10_021;
const OWN_GROUP_EXISTS = 10_025;

/**
 * The group of a room; its id is the room's number. It is a Meeting: everybody with its number and a signature may
 * join without approval, and the cloud keeps the messages for those who join later. After a reload everybody joins
 * later, with another id. (An AVChatRoom keeps nothing, a Work group needs an invitation, a Public group an approval.)
 */
export class TimGroup {
  readonly #options: TimGroupOptions;
  readonly #id: string;
  #owner = false;

  constructor(options: TimGroupOptions) {
    this.#options = options;
    this.#id = String(options.room);
  }

  /** Creates or joins the group. Tries for 30 s if it does not exist. Rejects with an RtcDeskError. */
  async enter(): Promise<void> {
    const { clock, calls, mayCreate } = this.#options;
    const until = clock.now() + ENTER_TIMEOUT_MS;
    for (;;) {
      try {
        this.#owner = mayCreate && (await this.#create());
        if (!this.#owner) await this.#join();
        return;
      } catch (error) {
        const failure = asTimError(error);
        if (failure.code !== 'not-found' || clock.now() >= until) throw failure;
      }
      await calls.pause(ENTER_RETRY_MS);
    }
  }

  /** Dismisses a group that was created here, quits one that was joined. */
  async leave(): Promise<void> {
    const { client } = this.#options;
    await (this.#owner ? client.dismissGroup(this.#id) : client.quitGroup(this.#id));
  }

  /** Returns false if the group exists and somebody else owns it. */
  async #create(): Promise<boolean> {
    const { tim, client, calls } = this.#options;
    const group = { type: tim.TYPES.GRP_MEETING, name: this.#id, groupID: this.#id };
    try {
      await calls.wait(ANSWER_TIMEOUT_MS, 'createGroup', client.createGroup(group));
      return true;
    } catch (error) {
      const code = timCode(error);
      if (code !== GROUP_EXISTS && code !== OWN_GROUP_EXISTS) throw error;
      return code === OWN_GROUP_EXISTS;
    }
  }

  async #join(): Promise<void> {
    const { tim, client, calls } = this.#options;
    const group = { groupID: this.#id, type: tim.TYPES.GRP_MEETING };
    const { data } = await calls.wait(ANSWER_TIMEOUT_MS, 'joinGroup', client.joinGroup(group));
    if (data?.status === tim.TYPES.JOIN_STATUS_WAIT_APPROVAL) {
      throw new RtcDeskError('forbidden', 'the group of this room needs an approval to join');
    }
  }
}
