import { VideoCallButton } from './video-call-button.ts';

// A page may hold the script twice, or two versions of it: the first one stays.
if (!customElements.get('video-call-button')) {
  customElements.define('video-call-button', VideoCallButton);
}
