import { FlowStepElement } from './flow-step.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-flow-step')) customElements.define('rtc-flow-step', FlowStepElement);
