import { TimChat } from '../../../src/chat/tim/chat.ts';
import { fakePlatform } from '../../support/fake-platform.ts';
import { ROOM } from '../../support/fake-views.ts';
import { TimCloud } from '../../support/tim-stand-in.ts';
import { chatRoomSuite } from '../chat-room-suite.ts';

const self = { id: 'visitor-1', name: 'Vera', role: 'visitor' } as const;
const ticket = { provider: 'tim', sdkAppId: 1_400_000_000, userSig: 'sig', token: 't' } as const;

chatRoomSuite(
  'TimChat',
  (server, clock) => {
    const cloud = new TimCloud();
    cloud.groups.set(String(ROOM), { type: 'ChatRoom', owner: 'agent-1', members: new Set() });
    const options = { ticket, room: ROOM, self, server, renewTicket: async () => ticket };
    return new TimChat(fakePlatform(clock), options, async () => cloud.page());
  },
  // IM carries messages while signaling is away.
  'ready',
);

chatRoomSuite(
  'TimChat where IM does not answer',
  (server, clock) => {
    const cloud = new TimCloud();
    cloud.silent.add('login');
    const options = { ticket, room: ROOM, self, server, renewTicket: async () => ticket };
    return new TimChat(fakePlatform(clock), options, async () => cloud.page());
  },
  'offline',
);
