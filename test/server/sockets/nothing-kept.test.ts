import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Connection } from '../../../src/server/sockets/connection.ts';
import { SignalingNode } from '../../../src/server/sockets/signaling-node.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import {
  callFrom,
  connect,
  makeSite,
  startSignalingServer,
  type SignalingServer,
} from '../../support/signaling-server.ts';
import { waitUntil } from '../../support/wait-until.ts';

const { opened } = SignalingNode.prototype;
const STORMS = 4;
const WAITING = 15;

/** Node's garbage collector, without a flag on the command line. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

describe('a node whose clients all reconnect again and again', () => {
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let server: SignalingServer;

  before(async () => {
    directory = await freshDataDirectory();
    server = await startSignalingServer({ dataDir: directory.dataDir });
  });
  after(async () => {
    SignalingNode.prototype.opened = opened;
    await server?.stop();
    await directory?.remove();
  });

  it('keeps nothing of the sockets that have ended', async () => {
    const gc = garbageCollector();
    const made: WeakRef<Connection>[] = [];
    // A mock would keep every call.
    SignalingNode.prototype.opened = function (connection) {
      made.push(new WeakRef(connection));
      opened.call(this, connection);
    };
    const { url, database } = server;
    const [waiting, talking] = [await makeSite(database, 0), await makeSite(database, 1)];
    const queued = await Promise.all(Array.from({ length: WAITING }, () => callFrom(url, waiting)));
    const met = await connect(url, talking);
    const { connection: continues } = await met.desk.message('welcome');
    let clients: ProtocolClient[] = [
      ...queued.map(({ visitor }) => visitor),
      met.visitor,
      met.desk,
    ] as unknown as ProtocolClient[];
    const token = talking.agents[0]?.token ?? '';
    for (let storm = 0; storm < STORMS; storm += 1) {
      for (const client of clients) client.cut();
      clients = (await Promise.all([
        ...queued.map(({ resume }) =>
          ProtocolClient.join(url, { role: 'visitor', site: waiting.id, resume }),
        ),
        ProtocolClient.join(url, { role: 'visitor', site: talking.id, resume: met.resume }),
        ProtocolClient.join(url, { role: 'agent', token, continues }),
      ])) as unknown as ProtocolClient[];
    }
    assert.equal(made.length, (1 + STORMS) * clients.length);
    await waitUntil('the other connections are collected', async () => {
      await turn();
      gc();
      return made.filter((one) => one.deref()).length <= clients.length;
    });
    await waitUntil('their rows are removed', async () => {
      const { rowCount } = await database.query('select from connections');
      return rowCount === clients.length;
    });
    for (const client of clients) client.cut();
  });
});
