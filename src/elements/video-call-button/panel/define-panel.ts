import { CallPanel } from './call-panel.ts';
import { SelfPreview } from './self-preview.ts';

// A second version of the script on one page brings its own classes; the first one's stay.
for (const [name, element] of [
  ['rtc-self-preview', SelfPreview],
  ['rtc-call-panel', CallPanel],
] as const) {
  if (!customElements.get(name)) customElements.define(name, element);
}
