import type { RoomSnapshot } from '../../../src/call/room-control.ts';
import { chatEntry, person, roomSnapshot } from '../../support/fake-room-control.ts';

export const [me, alice] = roomSnapshot.people as [
  RoomSnapshot['people'][0],
  RoomSnapshot['people'][0],
];
export const guests = ['Bea', 'Cem', 'Dee', 'Eli'].map((name) => person({ id: name, name }));
export const refused = {
  state: 'failed',
  error: 'permission-denied',
  deviceId: '',
  track: null,
} as const;
export const conversation = {
  state: 'ready',
  typing: ['Alice'],
  unread: 0,
  entries: [
    chatEntry({ id: '1', text: 'See https://example.com/a.' }),
    chatEntry({ id: '2', mine: true, from: 'me', text: 'Seen', status: 'seen' }),
    chatEntry({
      id: '3',
      mine: true,
      from: 'me',
      text: 'Lost',
      status: 'failed',
      error: 'offline',
    }),
    chatEntry({ id: '4', mine: true, from: 'me', text: 'Coming', status: 'pending' }),
  ],
} as const;
