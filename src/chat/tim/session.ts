import type { Clock } from '../../platform/clock.ts';
import type { Picture } from '../../platform/platform.ts';
import { withTimeout } from '../../platform/with-timeout.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChatImage, ChatTicket, ParticipantRole } from '../../protocol/views.ts';
import { PendingCalls, noAnswer } from './pending-calls.ts';
import { TimUploads, type Tim, type TimClient, type TimMessage } from './sdk.ts';
import { asTimError } from './error.ts';
import { TimGroup } from './group.ts';
import { labelOf, type ChannelNotice } from './message.ts';

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
  /** `ready` may have changed. */
  changed(): void;
  /** The session can do nothing more. Called at most once, and never after `close`. */
  lost(error: RtcDeskError): void;
}

/** The SDK itself would wait 90 s for a login and 15 s for anything else. */
const LOGIN_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 8_000;
const PICTURE_TIMEOUT_MS = 20_000;
const LEAVE_TIMEOUT_MS = 3_000;
/** `destroy` signs out first. The SDK gives that up by itself after 15 s. */
const DESTROY_TIMEOUT_MS = 20_000;

/** The SDK's log level without any output: the console belongs to the page's owner. */
const LOG_NOTHING = 4;
/** Operation types of the system's notices: removed from the group, group dismissed. */
const GROUP_GONE = [4, 5];

/** One sign-in to Tencent IM for one participant, from the SDK's instance to its end. Used once. */
export class TimSession {
  readonly #options: TimSessionOptions;
  readonly #events: TimSessionEvents;
  readonly #client: TimClient;
  readonly #listeners: [event: string, listener: (event: { data: never }) => void][] = [];
  readonly #calls: PendingCalls;
  readonly #group: TimGroup;
  #connected = true;
  #inGroup = false;
  #entering = false;
  #over = false;
  #closing: Promise<void> | null = null;
  #lost = false;

  /** Throws if the SDK cannot run in this page. */
  constructor(options: TimSessionOptions, events: TimSessionEvents) {
    const { tim, ticket, room, self, clock } = options;
    this.#options = options;
    this.#events = events;
    this.#client = tim.create({ SDKAppID: ticket.sdkAppId });
    const calls = (this.#calls = new PendingCalls(clock));
    const mayCreate = self.role !== 'visitor';
    this.#group = new TimGroup({ tim, client: this.#client, room, mayCreate, clock, calls });
  }

  /** Whether messages can be sent. */
  get ready(): boolean {
    return this.#inGroup && this.#connected && !this.#over && !this.#lost;
  }

  /** Signs in and enters the group. Rejects with an RtcDeskError. */
  async enter(): Promise<void> {
    try {
      // Not in the constructor: if one of these fails, `close` still ends the instance.
      this.#client.setLogLevel(LOG_NOTHING);
      this.#client.registerPlugin({ 'tim-upload-plugin': TimUploads });
      this.#listen();
      await this.#login();
      await this.#enterGroup();
    } catch (error) {
      throw asTimError(error);
    }
  }

  /** Rejects with an RtcDeskError: `offline` if no answer came. */
  async sendText(id: string, text: string): Promise<void> {
    await this.#send(ANSWER_TIMEOUT_MS, () =>
      this.#client.createTextMessage({
        ...this.#to(),
        payload: { text },
        cloudCustomData: labelOf(id),
      }),
    );
  }

  /** `image` is the desk's copy of the picture. Rejects as `sendText` does. */
  async sendPicture(id: string, image: ChatImage, picture: Picture): Promise<void> {
    const ending = picture.type.replace(/^image\//, '') || 'png';
    const file = new File([picture as Blob], `${image.id}.${ending}`, { type: picture.type });
    await this.#send(PICTURE_TIMEOUT_MS, () =>
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
      ANSWER_TIMEOUT_MS,
      () => this.#client.createCustomMessage({ ...this.#to(), payload: { data } }),
      { onlineUserOnly: true },
    );
  }

  /**
   * Dismisses the group that it created or quits the one that it joined, signs out and ends the instance. Never
   * rejects. Idempotent.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const { clock } = this.#options;
    const wasReady = this.ready;
    this.#over = true;
    for (const [event, listener] of this.#listeners.splice(0)) this.#client.off(event, listener);
    this.#calls.stop(new RtcDeskError('conflict', 'the chat is closed'));
    if (wasReady) {
      const leaving = this.#group.leave();
      await withTimeout(
        clock,
        LEAVE_TIMEOUT_MS,
        leaving,
        noAnswer('leave', LEAVE_TIMEOUT_MS),
      ).catch(() => {
        // The group holds nothing that the desk does not have. The desk's server dismisses it later.
      });
    }
    const destroying = this.#client.destroy();
    const timedOut = noAnswer('destroy', DESTROY_TIMEOUT_MS);
    await withTimeout(clock, DESTROY_TIMEOUT_MS, destroying, timedOut).catch(() => {
      // It rejects if nobody is signed in, and has still ended the instance.
    });
    this.#clearStorage();
  }

  /** Ends the session as failed: the SDK reported it, or a message got no answer. */
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
      this.lose(new RtcDeskError('offline', 'the SDK of Tencent IM is no longer ready'));
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
      // This instance outlived an earlier sign-out. Messages would carry the other person's name.
      if (data?.repeatLogin) throw new RtcDeskError('conflict', 'still signed in as somebody else');
      await ready;
    };
    await this.#calls.wait(LOGIN_TIMEOUT_MS, 'login', login());
  }

  // ---- the group -------------------------------------------------------------------------------

  async #enterGroup(): Promise<void> {
    this.#entering = true;
    try {
      await this.#group.enter();
      this.#inGroup = !this.#over;
    } finally {
      this.#entering = false;
    }
  }

  /** The group is gone, or we are not in it, while the call goes on: enters it again. */
  async #enterGroupAgain(): Promise<void> {
    this.#inGroup = false;
    this.#events.changed();
    if (this.#entering) return;
    try {
      await this.#enterGroup();
      this.#events.changed();
    } catch (error) {
      this.lose(asTimError(error));
    }
  }

  // ---- messages --------------------------------------------------------------------------------

  #to() {
    const { tim, room } = this.#options;
    return { to: String(room), conversationType: tim.TYPES.CONV_GROUP };
  }

  async #send(
    timeoutMs: number,
    make: () => Parameters<TimClient['sendMessage']>[0],
    options?: object,
  ): Promise<void> {
    // While the SDK is not ready, it returns a rejected promise here, against its types.
    const send = async () => this.#client.sendMessage(await make(), options);
    try {
      await this.#calls.wait(timeoutMs, 'sendMessage', send());
    } catch (error) {
      const failure = asTimError(error);
      if (failure.code === 'not-found' && !this.#over) void this.#enterGroupAgain();
      throw failure;
    }
  }

  #receive(messages: readonly TimMessage[]): void {
    const { tim, room } = this.#options;
    for (const message of messages) {
      if (message.type === tim.TYPES.MSG_GRP_SYS_NOTICE) {
        const { operationType, groupProfile } = message.payload ?? {};
        const ours = String(groupProfile?.groupID) === String(room);
        if (ours && GROUP_GONE.includes(operationType)) void this.#enterGroupAgain();
      } else if (message.conversationID === `${tim.TYPES.CONV_GROUP}${room}`) {
        this.#events.message(message);
      }
    }
  }

  /** Removes what the SDK stored in the page about this person: nobody signs in with this id again. */
  #clearStorage(): void {
    const { ticket, self } = this.#options;
    const prefix = `TIM_${ticket.sdkAppId}_${self.id}_`;
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(prefix)) localStorage.removeItem(key);
      }
    } catch {
      // Storage is blocked: the SDK stored nothing.
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
