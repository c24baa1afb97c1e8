import { failed, passed, warning } from '../../media/device-test-results.ts';
import type { Platform, PlatformSocket } from '../../platform/platform.ts';
import type { DeviceCheckResult } from '../../protocol/device-report.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

const PINGS = 5;
const TIMEOUT_MS = 10_000;
/** A command and its result take this long on top of the work of the server. Beyond it a call feels slow. */
const SLOW_MS = 600;
const PING = JSON.stringify({ type: 'ping' });

/**
 * Opens a socket as a visitor does, and measures the way to the server and back. It makes no call. `data.roundTripMs`
 * is the median of five pings.
 */
export async function checkSignaling(
  platform: Platform,
  { server, site }: { readonly server: string; readonly site: string },
): Promise<DeviceCheckResult> {
  let socket: PlatformSocket;
  try {
    socket = platform.openSocket(platform.resolve('/ws', server).replace(/^http/, 'ws'));
  } catch {
    // The page may not open this address.
    return failed('signaling-blocked');
  }
  const hello = { type: 'hello', protocol: PROTOCOL_VERSION, role: 'visitor', site };
  const times: number[] = [];
  const outcome = await new Promise<'pinged' | 'refused' | 'blocked'>((resolve) => {
    let welcomed = false;
    let sentAt = 0;
    const cancelTimeout = platform.clock.after(TIMEOUT_MS, () => resolve('blocked'));
    const settle = (value: 'pinged' | 'refused' | 'blocked'): void => {
      cancelTimeout();
      resolve(value);
    };
    const ping = (): void => {
      sentAt = platform.clock.now();
      socket.send(PING);
    };
    socket.onopen = () => socket.send(JSON.stringify(hello));
    socket.onclose = ({ code }) => settle(code >= 4_000 ? 'refused' : 'blocked');
    socket.onmessage = ({ data }) => {
      const { type } = JSON.parse(String(data)) as { readonly type?: string };
      if (type === 'pong') {
        times.push(platform.clock.now() - sentAt);
        if (times.length === PINGS) settle('pinged');
        else ping();
      } else if (!welcomed && type === 'welcome') {
        welcomed = true;
        ping();
      }
    };
  });
  socket.onclose = null;
  socket.close();
  if (outcome !== 'pinged') return failed(`signaling-${outcome}`);
  const roundTripMs = Math.round(times.sort((a, b) => a - b)[Math.floor(PINGS / 2)]!);
  const data = { roundTripMs };
  return roundTripMs > SLOW_MS ? warning('signaling-slow', data) : passed(data);
}
