import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ConsoleContext } from '../app/console-context.ts';
import { errorText } from '../rest/error-text.ts';

type Query = Readonly<Record<string, string>>;

/** What an element reads from the server. It reads again when its query changes. */
export class Reading<T> implements ReactiveController {
  /** Null before the first answer. */
  answer: T | null = null;
  /** Why the last reading failed; '' if it did not. */
  problem = '';
  #asked = '';
  #stop = new AbortController();

  constructor(
    private readonly host: ReactiveControllerHost & { readonly context: ConsoleContext },
    private readonly path: string,
    private readonly query: () => Query,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    const asked = JSON.stringify(this.query());
    if (asked === this.#asked) return;
    this.#asked = asked;
    void this.load();
  }

  hostDisconnected(): void {
    this.#stop.abort();
    this.#asked = '';
  }

  readonly load = async (): Promise<void> => {
    this.#stop.abort();
    const { signal } = (this.#stop = new AbortController());
    try {
      const answer = await this.host.context.rest.get<T>(this.path, this.query(), signal);
      if (signal.aborted) return;
      this.answer = answer;
      this.problem = '';
    } catch (error) {
      if (signal.aborted) return;
      this.problem = errorText(error);
    }
    this.host.requestUpdate();
  };
}
