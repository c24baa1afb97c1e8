import { CallPanel } from './call-panel.ts';
import { SelfPreview } from './self-preview.ts';

// A page may load two versions of the script: the classes that came first stay.
for (const [name, element] of [
  ['rtc-self-preview', SelfPreview],
  ['rtc-call-panel', CallPanel],
] as const) {
  if (!customElements.get(name)) customElements.define(name, element);
}
