import { CallTest } from './call-test.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('call-test')) customElements.define('call-test', CallTest);
