import { DeskChat } from '../../../src/chat/desk/chat.ts';
import { fakePlatform } from '../../support/fake-platform.ts';
import { chatRoomSuite } from '../chat-room-suite.ts';

const self = { id: 'visitor-1', name: 'Vera', role: 'visitor' } as const;

chatRoomSuite(
  'DeskChat',
  (server, clock) => new DeskChat(fakePlatform(clock), { self, server }),
  'offline',
);
