import { browserPlatform } from '../platform/browser.ts';
import { SignalingClient } from '../signaling/signaling-client.ts';
import { takeHandOver, type HandOverTaking } from './visitor/take-hand-over.ts';

/** Takes the call of a code in this browser. Rejects with an RtcDeskError: `not-found` if the code opens no call. */
export const takeHandOverHere = (taking: HandOverTaking): Promise<void> =>
  takeHandOver(taking, {
    platform: browserPlatform,
    connect: (options) => new SignalingClient(browserPlatform, options),
  });
