import type {
  Readable,
  RequestAnswers,
  VisitorCallControl,
} from '../../call/visitor-call-control.ts';
import type { VisitorView } from '../../protocol/views.ts';
import type { CallPanel } from './panel/call-panel.ts';

/** The button whose call asks. */
export interface AskingButton extends HTMLElement {
  readonly theme: 'light' | 'dark' | 'auto' | null;
  readonly serverAddress: string;
  readonly site: string;
}

/** Asks the visitor in the panel what the site wants to know before a call. Null: there is no answer. */
export type AskVisitor = (
  desk: Readable<{ readonly view: VisitorView | null }>,
  button: AskingButton,
  panel: CallPanel,
  call: VisitorCallControl,
) => Promise<RequestAnswers | null>;

/** A signal that is aborted when the call is no longer about to begin; `stop` lets go of the call. */
export function whileBeginning(call: VisitorCallControl): {
  readonly signal: AbortSignal;
  readonly stop: () => void;
} {
  const stopped = new AbortController();
  const stop = call.subscribe(() => {
    if (call.getSnapshot().state !== 'queued') stopped.abort();
  });
  return { signal: stopped.signal, stop };
}

/** The desk's first view, which may come after its first refusal. */
export function firstView(
  desk: Readable<{ readonly view: VisitorView | null }>,
  signal: AbortSignal,
): Promise<VisitorView> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const { view } = desk.getSnapshot();
      if (!view) return;
      unsubscribe();
      resolve(view);
    };
    const unsubscribe = desk.subscribe(look);
    signal.addEventListener('abort', () => {
      unsubscribe();
      reject(signal.reason as Error);
    });
    look();
  });
}
