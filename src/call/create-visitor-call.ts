import { browserParts } from './compose.ts';
import type { VisitorCallControl, VisitorCallOptions } from './visitor-call-control.ts';
import { VisitorCall } from './visitor/call.ts';

/** One visitor's call on one page. Throws a TypeError if `server` is not an address. */
export function createVisitorCall(options: VisitorCallOptions): VisitorCallControl {
  return new VisitorCall(options, browserParts(options.camera));
}
