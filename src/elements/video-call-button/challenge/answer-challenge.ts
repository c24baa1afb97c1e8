/** How a service's challenge is shown. */
export interface ChallengeOptions {
  readonly siteKey: string;
  readonly language: 'en' | 'zh-CN';
  readonly theme: 'light' | 'dark' | 'auto';
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal;
}

/**
 * Shows one service's challenge in `place`, and resolves to the answer for the server. Rejects if it cannot be
 * shown, was not answered, or is no longer wanted.
 */
export type AnswerChallenge = (place: HTMLElement, options: ChallengeOptions) => Promise<string>;
