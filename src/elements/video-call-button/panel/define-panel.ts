import { CallPanel } from './call-panel.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-call-panel')) customElements.define('rtc-call-panel', CallPanel);
