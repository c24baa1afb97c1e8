import { RecordingMark } from './recording-mark.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-recording-mark')) {
  customElements.define('rtc-recording-mark', RecordingMark);
}
