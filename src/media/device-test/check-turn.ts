import type { DeviceCheckResult } from '../../protocol/device-report.ts';
import type { IceServer } from '../../protocol/views.ts';
import { failed, passed, skipped } from '../device-test-results.ts';

export type TurnTransport = 'udp' | 'tcp' | 'tls';

const MAX_WAIT_MS = 8_000;

/** How a URL reaches its server (RFC 7065); null for STUN. */
export function transportOf(url: string): TurnTransport | null {
  if (/^turns:/i.test(url)) return /transport=udp/i.test(url) ? null : 'tls';
  if (!/^turn:/i.test(url)) return null;
  return /transport=tcp/i.test(url) ? 'tcp' : 'udp';
}

/** The TURN servers that are reached by this transport. */
export function serversBy(
  transport: TurnTransport,
  servers: readonly IceServer[],
): readonly IceServer[] {
  return servers
    .map((server) => ({
      ...server,
      urls: server.urls.filter((url) => transportOf(url) === transport),
    }))
    .filter(({ urls }) => urls.length > 0);
}

/** Whether a relay can be had by this transport within 8 s. `data.ms`: how long it took. */
export async function checkTurn(
  transport: TurnTransport,
  servers: readonly IceServer[],
): Promise<DeviceCheckResult> {
  const own = serversBy(transport, servers);
  if (own.length === 0) return skipped('no-turn-server');
  const start = performance.now();
  const found = await findsRelay(own);
  const data = { ms: Math.round(performance.now() - start) };
  return found ? passed(data) : failed(`${transport}-blocked`, data);
}

async function findsRelay(servers: readonly IceServer[]): Promise<boolean> {
  const connection = new RTCPeerConnection({
    iceServers: servers as RTCIceServer[],
    iceTransportPolicy: 'relay',
  });
  try {
    const found = new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, MAX_WAIT_MS, false);
      connection.addEventListener('icecandidate', ({ candidate }) => {
        // Null ends the gathering.
        if (candidate !== null && candidate.type !== 'relay') return;
        clearTimeout(timer);
        resolve(candidate !== null);
      });
    });
    connection.createDataChannel('test');
    await connection.setLocalDescription();
    return await found;
  } finally {
    connection.close();
  }
}
