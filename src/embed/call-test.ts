/** `/call-test.js`: defines `<call-test>`. Its default server is the origin of this script. */
import { CallTest } from '../elements/call-test/call-test.ts';
import '../elements/call-test/define.ts';

CallTest.defaultServer ||= new URL(import.meta.url).origin;

export { CallTest };
export type { TestEndedEvent } from '../elements/call-test/call-test.ts';
export type { DeviceCheck, DeviceReport } from '../protocol/device-report.ts';
