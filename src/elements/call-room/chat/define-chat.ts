import { ChatComposer } from './chat-composer.ts';
import { ChatImageView } from './chat-image.ts';
import { ChatPane } from './chat-pane.ts';

const elements = {
  'rtc-chat-image': ChatImageView,
  'rtc-chat-composer': ChatComposer,
  'rtc-chat-pane': ChatPane,
};

for (const [tag, element] of Object.entries(elements)) {
  if (!customElements.get(tag)) customElements.define(tag, element);
}

export { showPeek } from './chat-peek.ts';
