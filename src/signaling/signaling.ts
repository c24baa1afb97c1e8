import type { Cancellation } from '../platform/cancellation.ts';
import type {
  CommandBody,
  CommandType,
  CommandValues,
  Hello,
  Notice,
} from '../protocol/client-messages.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type {
  ChatDelivery,
  ChatReadDelivery,
  PictureToolDelivery,
  SignalDelivery,
  TypingDelivery,
} from '../protocol/server-messages.ts';
import type { View } from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';

export interface SignalingSnapshot<V extends View = View> {
  /** `connecting` at first; `offline` from a failure to the next welcome; `closed` for good. */
  readonly state: 'connecting' | 'online' | 'offline' | 'closed';
  /** Why it closed, if the server closed it for good. */
  readonly error: ErrorCode | null;
  /** The last known view, also while offline. */
  readonly view: V | null;
  /** The server's clock minus this device's clock, in ms. */
  readonly clockOffset: number;
}

/** A message for one room. It is passed on as it comes and is not part of any state. */
export type Delivery =
  SignalDelivery | ChatDelivery | ChatReadDelivery | TypingDelivery | PictureToolDelivery;

export interface CommandOptions {
  /** Once cancelled, the command is not sent again, and its promise rejects with `conflict`. Not cancelled yet. */
  readonly cancellation?: Cancellation;
  /** The promise rejects with `offline` after this time. Without it a command waits for as long as it takes. */
  readonly timeoutMs?: number;
}

/** What the call logic uses of the connection. */
export interface Signaling<V extends View = View> extends Readable<SignalingSnapshot<V>> {
  /** Kept until its result is there, over reconnects. Rejects with an RtcDeskError. */
  send<T extends CommandType>(
    body: CommandBody<T>,
    options?: CommandOptions,
  ): Promise<CommandValues[T]>;
  /** Sends it now or never. Returns whether it was sent. */
  notify(notice: Notice): boolean;
  open(): void;
  close(): void;
}

export interface SignalingOptions {
  /** The desk's address, e.g. `https://desk.example.com`. */
  readonly server: string;
  /**
   * Called at each connect, so that a token may change. `previous` is the `connection` of the last welcome; null
   * until a hello was accepted.
   */
  readonly hello: (previous: string | null) => Hello;
  readonly onDelivery: (delivery: Delivery) => void;
  /** 0 to 1, for the backoff. */
  readonly random?: () => number;
}
