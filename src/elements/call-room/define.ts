import { CallClock } from './call-clock.ts';
import { CallRoom } from './call-room.ts';
import { CallControls } from './controls/call-controls.ts';
import { ParticipantTile } from './stage/participant-tile.ts';
import { RoomStage } from './stage/room-stage.ts';

const elements = {
  'rtc-participant-tile': ParticipantTile,
  'rtc-room-stage': RoomStage,
  'rtc-call-clock': CallClock,
  'rtc-call-controls': CallControls,
  'call-room': CallRoom,
};

// A page may load two entries that both include the room.
for (const [tag, element] of Object.entries(elements)) {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
