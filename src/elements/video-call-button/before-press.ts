import { CallbackCodes } from '../callback/callback-codes.ts';
import type { RingingButton } from '../callback/ring.ts';
import type { WaitHost } from './wait/wait-line.ts';

/**
 * What a button shows before the press: the wait with `show-wait`, and a callback whose visitor is asked in. Without
 * this code the button works as well: a failure of loading it is left to the press.
 */
export async function showBeforePress(button: RingingButton & WaitHost): Promise<void> {
  if (button.showWait) (await import('./wait/wait-line.ts')).showWait(button);
  const { serverAddress, site } = button;
  if (new CallbackCodes(serverAddress, site).read() === null) return;
  (await import('../callback/ring.ts')).ring(button);
}
