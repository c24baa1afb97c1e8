/** The player of a past call. A chunk of its own: most calls are not recorded. */
import { PastRecordingPlayer } from './past-recording-player.ts';

if (!customElements.get('rtc-past-recording')) {
  customElements.define('rtc-past-recording', PastRecordingPlayer);
}
