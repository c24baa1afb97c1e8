import type { TrtcTestRoom } from '../../protocol/rest/device-test.ts';
import type { TrtcSettings } from '../settings/settings.ts';
import { TrtcSigner } from '../tencent/trtc-signatures.ts';
import { participantId } from './participant-id.ts';

/**
 * A room of TRTC for one device test. No row tells of it: it ends by itself when its people have left. Its name is a
 * text, which TRTC keeps apart from the numbers of calls, so that its signatures open no other room.
 */
export function makeTrtcTestRoom(settings: TrtcSettings, lifeMs: number): TrtcTestRoom {
  const signer = new TrtcSigner(settings);
  const room = `test-${participantId()}`;
  const person = (role: 'sender' | 'receiver') => {
    const userId = participantId();
    return { userId, ...signer.test(userId, room, role, Math.floor(lifeMs / 1_000)) };
  };
  return {
    sdkAppId: signer.sdkAppId,
    room,
    sender: person('sender'),
    receiver: person('receiver'),
  };
}
