import type { BridgeEventName } from '../../../src/embed/crm-messages.ts';
import { RtcDeskError, type ErrorCode } from '../../../src/protocol/errors.ts';

/** The parts of `<agent-desk>` that the bridge uses. A test dispatches its events. */
export class StandInDesk extends EventTarget {
  status = 'available';
  readonly asked: string[] = [];
  #failure: Error | null = null;

  signIn = (credentials: unknown) => this.#note('signIn', credentials);
  signOut = () => this.#note('signOut');
  setStatus = (status: unknown) => this.#note('setStatus', status);
  accept = () => this.#note('accept');
  decline = () => this.#note('decline');
  endCall = () => this.#note('endCall');
  finishWrapUp = () => this.#note('finishWrapUp');
  extendWrapUp = () => this.#note('extendWrapUp');
  setDisposition = (choice: unknown) => this.#note('setDisposition', choice);

  /** Makes each method reject with this error. */
  fail(code: ErrorCode, message: string): void {
    this.#failure = new RtcDeskError(code, message);
  }

  tell(name: BridgeEventName, detail: unknown): void {
    this.dispatchEvent(Object.assign(new Event(name), { detail }));
  }

  async #note(name: string, argument?: unknown): Promise<void> {
    this.asked.push(argument === undefined ? name : `${name} ${JSON.stringify(argument)}`);
    if (this.#failure) throw this.#failure;
  }
}
