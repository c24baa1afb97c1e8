import type { VisitorCallControl } from '../../../call/visitor-call-control.ts';
import type { DeviceTestCode } from '../../../protocol/rest/device-test.ts';
import { visitorRequest } from '../../parts/visitor-request.ts';

/** Where the desk is, and of which site. */
export interface Desk {
  readonly serverAddress: string;
  readonly site: string;
}

/**
 * Shows the page of the device test in `tab`, with a code by which its report goes to the call. If the desk does not
 * answer, the test opens without the code.
 */
export async function openDeviceTest(
  call: VisitorCallControl,
  tab: Window | null,
  { serverAddress, site }: Desk,
): Promise<void> {
  if (!tab) return;
  const { key } = call.getSnapshot();
  tab.opener = null;
  const address = new URL(`/test/${encodeURIComponent(site)}`, serverAddress);
  try {
    const answer = await visitorRequest(serverAddress, 'own-call/device-test', key ?? '', {
      method: 'POST',
    });
    if (answer.ok) address.hash = ((await answer.json()) as DeviceTestCode).code;
  } catch {
    // The test tells what is wrong with the connection.
  }
  tab.location.href = address.href;
}
