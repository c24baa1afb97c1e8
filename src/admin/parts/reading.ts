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
    /** Null: there is nothing to read yet. */
    private readonly path: string | (() => string | null),
    private readonly query: () => Query = () => ({}),
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    const path = this.#path;
    const asked = path === null ? '' : JSON.stringify([path, this.query()]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    void this.load();
  }

  hostDisconnected(): void {
    this.#stop.abort();
    this.#asked = '';
  }

  get #path(): string | null {
    return typeof this.path === 'string' ? this.path : this.path();
  }

  readonly load = async (): Promise<void> => {
    this.#stop.abort();
    const { signal } = (this.#stop = new AbortController());
    const path = this.#path;
    if (path === null) return;
    try {
      const answer = await this.host.context.rest.get<T>(path, this.query(), signal);
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
