import type { HandOver } from '../../protocol/rest/hand-over.ts';
import { visitorRequest } from '../parts/visitor-request.ts';

/** The server knows no such code, or it is used, or its time is over. */
export class UnknownHandOverError extends Error {
  override readonly name = 'UnknownHandOverError';
}

/**
 * Of which site the code is. `server`: the desk's address. Rejects with an UnknownHandOverError, and with another error if
 * the server does not answer.
 */
export async function readHandOver(server: string, code: string): Promise<HandOver> {
  const response = await visitorRequest(server, 'hand-over', code);
  if (response.status === 401 || response.status === 404) throw new UnknownHandOverError();
  if (!response.ok) throw new Error(`hand-over answered ${response.status}`);
  return response.json() as Promise<HandOver>;
}
