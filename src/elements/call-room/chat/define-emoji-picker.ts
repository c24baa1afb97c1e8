import { EmojiPicker } from './emoji-picker.ts';

if (!customElements.get('rtc-emoji-picker')) {
  customElements.define('rtc-emoji-picker', EmojiPicker);
}
