import { findBrowserSpeech } from '../media/captions/browser-speech.ts';
import { browserPlatform } from '../platform/browser.ts';
import type { CaptionsControl } from './captions-control.ts';
import { RoomCaptions } from './captions/room-captions.ts';
import type { RoomControl } from './room-control.ts';

/** The captions of a room in this browser. `language`: of this person, as a BCP 47 tag. */
export function createCaptions(room: RoomControl, language: string): CaptionsControl {
  const findRecognizer = findBrowserSpeech;
  return new RoomCaptions(room, browserPlatform.clock, { language, findRecognizer });
}
