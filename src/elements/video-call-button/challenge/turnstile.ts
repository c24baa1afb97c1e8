import type { AnswerChallenge } from './answer-challenge.ts';

const SCRIPT = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit';

/** What is used of Cloudflare Turnstile's documented interface. */
export interface TurnstileApi {
  /** Resolves to the widget's id, and to undefined if it was not made. */
  render(place: HTMLElement, options: TurnstileOptions): string | undefined;
  remove(widget: string): void;
}

interface TurnstileOptions {
  readonly sitekey: string;
  readonly language: string;
  readonly theme: 'light' | 'dark' | 'auto';
  readonly size: 'flexible';
  /** Nothing is seen if the visitor has nothing to do. */
  readonly appearance: 'interaction-only';
  readonly retry: 'never';
  readonly 'response-field': false;
  callback(token: string): void;
  'error-callback'(code: string): boolean;
  'timeout-callback'(): void;
  'unsupported-callback'(): void;
}

type TurnstileWindow = Window & {
  turnstile?: TurnstileApi;
  trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(address: string): string },
    ): { createScriptURL(address: string): unknown };
  };
};

let loading: Promise<TurnstileApi> | null = null;

export const answerTurnstile: AnswerChallenge = async (place, options) => {
  const { siteKey, language, theme, signal } = options;
  const turnstile = await loadTurnstile();
  signal.throwIfAborted();
  let widget: string | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      const fail = (why: string): void => reject(new Error(`Turnstile: ${why}`));
      widget = turnstile.render(place, {
        sitekey: siteKey,
        language,
        theme,
        size: 'flexible',
        appearance: 'interaction-only',
        retry: 'never',
        'response-field': false,
        callback: resolve,
        'error-callback': (code) => {
          fail(`error ${code}`);
          // Handled: Turnstile writes nothing to the console.
          return true;
        },
        'timeout-callback': () => fail('not answered in time'),
        'unsupported-callback': () => fail('this browser is not supported'),
      });
      if (widget === undefined) fail('the widget was not made');
    });
  } finally {
    if (widget !== undefined) turnstile.remove(widget);
  }
};

/** Loads the script once. A page that has it already keeps its own. */
function loadTurnstile(): Promise<TurnstileApi> {
  const { turnstile } = window as TurnstileWindow;
  if (turnstile) return Promise.resolve(turnstile);
  loading ??= addScript().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

function addScript(): Promise<TurnstileApi> {
  const script = document.createElement('script');
  script.src = trusted(SCRIPT);
  return new Promise<TurnstileApi>((resolve, reject) => {
    script.onload = () => {
      const { turnstile } = window as TurnstileWindow;
      if (turnstile) resolve(turnstile);
      else reject(new Error('Turnstile’s script defines nothing.'));
    };
    script.onerror = () => reject(new Error(`${SCRIPT} could not be loaded.`));
    document.head.append(script);
  }).finally(() => script.remove());
}

/** Made once: a page that lists its policies may allow each name only once. */
let policy: ReturnType<NonNullable<TurnstileWindow['trustedTypes']>['createPolicy']> | undefined;

/** Under `require-trusted-types-for 'script'` an address of a script has to come from a policy. */
function trusted(address: string): string {
  const { trustedTypes } = window as TurnstileWindow;
  policy ??= trustedTypes?.createPolicy('rtc-desk', { createScriptURL: (given) => given });
  return policy ? (policy.createScriptURL(address) as string) : address;
}
