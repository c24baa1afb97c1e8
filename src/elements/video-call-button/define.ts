import { VideoCallButton } from './video-call-button.ts';

// A page may load the script twice, or two versions of it: the class that came first stays.
if (!customElements.get('video-call-button')) {
  customElements.define('video-call-button', VideoCallButton);
}
