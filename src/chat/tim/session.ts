import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChatImage, ChatTicket, ParticipantRole } from '../../protocol/views.ts';
import type { Clock } from '../../platform/clock.ts';
import { PendingCalls, silent } from './pending-calls.ts';
import { TimUploads, type Tim, type TimClient, type TimMessage } from './sdk.ts';
import { asTimError } from './error.ts';
import { TimGroup } from './group.ts';
import { labelOf, type ChannelNotice } from './message.ts';
import { within } from '../../platform/with-timeout.ts';

export type TimTicket = Extract<ChatTicket, { provider: 'tim' }>;

export interface TimSessionOptions {
  readonly tim: Tim;
  readonly ticket: TimTicket;
  readonly room: number;
  readonly self: { readonly id: string; readonly role: ParticipantRole };
  readonly clock: Clock;
}

export interface TimSessionEvents {
  message(message: TimMessage): void;
  /** The network went or came, or the group did. */
  changed(): void;
  /** It can do nothing more; at most once, and never after `close`. */
  lost(error: RtcDeskError): void;
}

/** In ms. Left alone, the SDK waits 90 s for a login and 15 s for anything else. */
const LOGIN = 10_000;
const ANSWER = 8_000;
const PICTURE = 20_000;
const PARTING = 3_000;
/** `destroy` signs out first, which the SDK gives up by itself after 15 s. */
const DESTROYING = 20_000;

/** The SDK's log level at which it says nothing; the page's console is its owner's. */
const SILENT = 4;
/** Of a notice by the system: taken out of the group, and the group taken down. */
const GROUP_GONE = [4, 5];

/** One sign-in to Tencent IM for one join: from the SDK's instance to its end. Used once. */
export class TimSession {
  readonly #options: TimSessionOptions;
  readonly #events: TimSessionEvents;
  readonly #client: TimClient;
  readonly #listeners: [event: string, listener: (event: { data: never }) => void][] = [];
  readonly #calls: PendingCalls;
  readonly #group: TimGroup;
  #connected = true;
  #inGroup = false;
  #meeting = false;
  #over = false;
  #closing: Promise<void> | null = null;
  #lost = false;

  /** Throws where the SDK cannot run in this page. */
  constructor(options: TimSessionOptions, events: TimSessionEvents) {
    const { tim, ticket, room, self, clock } = options;
    this.#options = options;
    this.#events = events;
    this.#client = tim.create({ SDKAppID: ticket.sdkAppId });
    const calls = (this.#calls = new PendingCalls(clock));
    const mayMake = self.role !== 'visitor';
    this.#group = new TimGroup({ tim, client: this.#client, room, mayMake, clock, calls });
  }

  /** Whether a message that is sent now may well arrive. */
  get ready(): boolean {
    return this.#inGroup && this.#connected && !this.#over && !this.#lost;
  }

  /** Signs in and meets the others in the group. Rejects with an RtcDeskError. */
  async enter(): Promise<void> {
    try {
      // Here, and not where it is made: whatever fails from now on, `close` ends the instance.
      this.#client.setLogLevel(SILENT);
      this.#client.registerPlugin({ 'tim-upload-plugin': TimUploads });
      this.#listen();
      await this.#login();
      await this.#meet();
    } catch (error) {
      throw asTimError(error);
    }
  }

  /** Rejects with an RtcDeskError, `offline` where nobody answered. */
  async sendText(id: string, text: string): Promise<void> {
    await this.#send(ANSWER, () =>
      this.#client.createTextMessage({
        ...this.#to(),
        payload: { text },
        cloudCustomData: labelOf(id),
      }),
    );
  }

  /** `image` is the picture as the desk keeps it. Rejects as `sendText` does. */
  async sendPicture(id: string, image: ChatImage, picture: Blob): Promise<void> {
    const ending = picture.type.replace(/^image\//, '') || 'png';
    const file = new File([picture], `${image.id}.${ending}`, { type: picture.type });
    await this.#send(PICTURE, () =>
      this.#client.createImageMessage({
        ...this.#to(),
        payload: { file },
        cloudCustomData: labelOf(id, image),
      }),
    );
  }

  async notify(notice: ChannelNotice): Promise<void> {
    const data = JSON.stringify(notice);
    await this.#send(
      ANSWER,
      () => this.#client.createCustomMessage({ ...this.#to(), payload: { data } }),
      { onlineUserOnly: true },
    );
  }

  /**
   * Takes down the group that it made, or leaves the one that it came to, signs out and ends the instance.
   * Never rejects. Idempotent.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const { clock } = this.#options;
    const part = this.ready;
    this.#over = true;
    for (const [event, listener] of this.#listeners.splice(0)) this.#client.off(event, listener);
    this.#calls.stop(new RtcDeskError('conflict', 'the conversation is over'));
    if (part) {
      await within(clock, PARTING, this.#group.part(), silent('parting', PARTING)).catch(() => {
        // Nothing of the conversation is in the group alone; the desk's server may take it down, too.
      });
    }
    await within(clock, DESTROYING, this.#client.destroy(), silent('destroy', DESTROYING)).catch(
      () => {
        // It rejects where nobody is signed in, and has ended the instance all the same.
      },
    );
    this.#forget();
  }

  /** It can do nothing more: said by the SDK, or found out by whoever got no answer. */
  lose(error: RtcDeskError): void {
    if (this.#over || this.#lost) return;
    this.#lost = true;
    this.#calls.stop(error);
    this.#events.lost(error);
  }

  // ---- signing in ------------------------------------------------------------------------------

  #listen(): void {
    const { EVENT, TYPES } = this.#options.tim;
    this.#on(EVENT.MESSAGE_RECEIVED, (messages: readonly TimMessage[]) => this.#receive(messages));
    this.#on(EVENT.NET_STATE_CHANGE, ({ state }: { state: string }) => {
      this.#connected = state === TYPES.NET_STATE_CONNECTED;
      this.#events.changed();
    });
    this.#on(EVENT.KICKED_OUT, ({ type }: { type: string }) => this.lose(kicked(type, TYPES)));
    this.#on(EVENT.SDK_NOT_READY, () => {
      this.lose(new RtcDeskError('offline', 'the SDK of Tencent IM is not ready any more'));
    });
  }

  #on<T>(event: string, listener: (data: T) => void): void {
    const handler = (event: { data: never }): void => {
      if (!this.#over) listener(event.data);
    };
    this.#listeners.push([event, handler]);
    this.#client.on(event, handler);
  }

  async #login(): Promise<void> {
    const { tim, ticket, self } = this.#options;
    const ready = new Promise<void>((resolve) => this.#on(tim.EVENT.SDK_READY, () => resolve()));
    const { userSig } = ticket;
    const login = async (): Promise<void> => {
      const { data } = await this.#client.login({ userID: self.id, userSig });
      // An instance that outlived its sign-out is somebody else's: nothing may be said in that name.
      if (data?.repeatLogin) throw new RtcDeskError('conflict', 'still signed in as somebody else');
      await ready;
    };
    await this.#calls.ask(LOGIN, 'login', login());
  }

  // ---- the group -------------------------------------------------------------------------------

  async #meet(): Promise<void> {
    this.#meeting = true;
    try {
      await this.#group.meet();
      this.#inGroup = !this.#over;
    } finally {
      this.#meeting = false;
    }
  }

  /** The group was taken down while the call goes on, or never knew us: it is made, or joined, anew. */
  async #meetAgain(): Promise<void> {
    this.#inGroup = false;
    this.#events.changed();
    if (this.#meeting) return;
    try {
      await this.#meet();
      this.#events.changed();
    } catch (error) {
      this.lose(asTimError(error));
    }
  }

  // ---- what passes -----------------------------------------------------------------------------

  #to() {
    const { tim, room } = this.#options;
    return { to: String(room), conversationType: tim.TYPES.CONV_GROUP };
  }

  async #send(
    deadline: number,
    make: () => Parameters<TimClient['sendMessage']>[0],
    options?: object,
  ): Promise<void> {
    // What the SDK makes while it is not ready is a rejected promise, whatever its types say.
    const send = async () => this.#client.sendMessage(await make(), options);
    try {
      await this.#calls.ask(deadline, 'sendMessage', send());
    } catch (error) {
      const failure = asTimError(error);
      if (failure.code === 'not-found' && !this.#over) void this.#meetAgain();
      throw failure;
    }
  }

  #receive(messages: readonly TimMessage[]): void {
    const { tim, room } = this.#options;
    for (const message of messages) {
      if (message.type === tim.TYPES.MSG_GRP_SYS_NOTICE) {
        const { operationType, groupProfile } = message.payload ?? {};
        const ours = String(groupProfile?.groupID) === String(room);
        if (ours && GROUP_GONE.includes(operationType)) void this.#meetAgain();
      } else if (message.conversationID === `${tim.TYPES.CONV_GROUP}${room}`) {
        this.#events.message(message);
      }
    }
  }

  /** What the SDK wrote down of this person in the storage of the page: nobody signs in with this id again. */
  #forget(): void {
    const { ticket, self } = this.#options;
    const prefix = `TIM_${ticket.sdkAppId}_${self.id}_`;
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(prefix)) localStorage.removeItem(key);
      }
    } catch {
      // A page without storage has nothing to forget.
    }
  }
}

function kicked(type: string, types: Tim['TYPES']): RtcDeskError {
  switch (type) {
    case types.KICKED_OUT_USERSIG_EXPIRED:
      return new RtcDeskError('unauthorized', 'the signature of Tencent IM has expired');
    case types.KICKED_OUT_REST_API:
      return new RtcDeskError('forbidden', 'signed out of Tencent IM by its administrator');
    default:
      return new RtcDeskError('signed-in-elsewhere', `signed out of Tencent IM: ${type}`);
  }
}
