import type { RestClient } from '../rest/rest-client.ts';
import type { ConsoleSession } from '../../protocol/rest/console-session.ts';

export interface Question {
  readonly title: string;
  readonly text: string;
  /** The name of the button that says yes. */
  readonly action: string;
  /** The action deletes or loses something. */
  readonly danger?: boolean;
}

/** What every page of the console gets from the shell. */
export interface ConsoleContext {
  readonly rest: RestClient;
  /** Who is signed in, at which site, and what they may do. */
  readonly session: ConsoleSession;
  /** Asks in a dialog. Resolves to false if the person cancels. */
  confirm(question: Question): Promise<boolean>;
  /** Shows a sentence for some seconds, and says it to screen readers. */
  notify(text: string): void;
  /** Goes to another address of the console. `replace`: back does not lead to the present one. */
  go(path: string, options?: { readonly replace?: boolean }): void;
  /** Whether the open page has changes that are not saved. Leaving it then asks first. */
  setUnsaved(unsaved: boolean): void;
}
