import { DeskChat } from '../../../src/chat/desk/chat.ts';
import { chatRoomSuite } from '../chat-room-suite.ts';

const self = { id: 'visitor-1', name: 'Vera', role: 'visitor' } as const;

chatRoomSuite('DeskChat', (server, clock) => new DeskChat({ self, server }, clock), 'offline');
