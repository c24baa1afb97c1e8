import { defaultParts } from './compose.ts';
import type { VisitorCallControl, VisitorCallOptions } from './visitor-call-control.ts';
import { VisitorCall } from './visitor/call.ts';

/** A call of one visitor on one page. Throws a TypeError where `server` is no address. */
export function createVisitorCall(options: VisitorCallOptions): VisitorCallControl {
  return new VisitorCall(options, defaultParts());
}
