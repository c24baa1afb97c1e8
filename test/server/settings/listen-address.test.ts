import assert from 'node:assert/strict';
import dns from 'node:dns';
import { test } from 'node:test';
import { pino } from 'pino';
import { readSettings } from '../../../src/server/settings/read-settings.ts';
import { startServer } from '../../../src/server/start-server.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';

const BOTH = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

test('localhost with an IPv4 and an IPv6 address has one listener, and accepts connections', async (t) => {
  // As on most machines. Fastify asks for all addresses.
  const { lookup } = dns;
  t.mock.method(dns, 'lookup', (...asked: Parameters<typeof lookup>) => {
    const [host, options, done] = asked as unknown as [
      string,
      dns.LookupOptions,
      (...to: unknown[]) => void,
    ];
    if (host === 'localhost' && options.all) done(null, BOTH);
    else lookup(...asked);
  });
  const { dataDir, remove } = await freshDataDirectory();
  const log: { readonly msg: string }[] = [];
  const logger = pino(
    { level: 'info' },
    { write: (line: string) => void log.push(JSON.parse(line) as { msg: string }) },
  );
  const settings = readSettings(
    { HOST: 'localhost', PORT: '0', DATA_DIR: dataDir },
    { demo: true },
  );
  const server = await startServer(settings, { logger });
  try {
    const listening = log.filter(({ msg }) => msg.startsWith('Server listening at '));
    assert.deepEqual(
      listening.map(({ msg }) => msg),
      [`Server listening at http://127.0.0.1:${server.port}`],
    );
    const visitor = await ProtocolClient.join(`http://127.0.0.1:${server.port}`, {
      role: 'visitor',
      site: 'demo',
    });
    await visitor.close();
  } finally {
    await server.close();
    await remove();
  }
});
