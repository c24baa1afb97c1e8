import type { ChallengeProvider } from '../../protocol/views.ts';

/** What a visitor's browser got from the service, and what the service needs to check it. */
export interface ChallengeAnswer {
  /** The site's secret key at the service. */
  readonly secretKey: string;
  readonly answer: string;
  /** A UUID. Asking again with the same one gives the same result, although an answer counts only once. */
  readonly requestId: string;
}

/** One service that makes challenges and checks the answers. */
export interface ChallengeVerifier {
  /** Whether the answer is right. Rejects if the service could not be asked, with a message without secrets. */
  verify(answer: ChallengeAnswer): Promise<boolean>;
}

export type ChallengeVerifiers = Readonly<Record<ChallengeProvider, ChallengeVerifier>>;
