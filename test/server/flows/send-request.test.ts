import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lookup } from 'node:dns';
import { after, before, describe, it } from 'node:test';
import { mapped } from '../../../src/server/flows/run-request.ts';
import { sendRequest } from '../../../src/server/flows/send-request.ts';
import type { Transport } from '../../../src/server/outgoing/post.ts';
import { isPublicAddress, lookupPublic } from '../../../src/server/outgoing/public-address.ts';

describe('a flow’s request', () => {
  let port = 0;
  let answer: (request: IncomingMessage, body: string, response: ServerResponse) => void;
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => answer(incoming, body, response));
  });
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  /** HTTP to this machine in place of HTTPS to the internet. */
  const local: Transport = { open: request, lookup, isAllowed: () => true };
  const send = (transport: Partial<Transport> = {}, host = '127.0.0.1', timeoutMs = 10_000) =>
    sendRequest(
      { url: `http://${host}:${port}/plan`, id: 'm1', body: { a: '字' }, secret: 'secret' },
      { ...local, ...transport },
      timeoutMs,
    );

  it('is signed over its id, time and body, and reads the JSON of the answer', async () => {
    answer = ({ headers, method }, body, response) => {
      const content = `m1.${String(headers['webhook-timestamp'])}.${body}`;
      const signature = createHmac('sha256', 'secret').update(content).digest('base64');
      assert.deepEqual([method, body], ['POST', '{"a":"字"}']);
      assert.equal(headers['webhook-signature'], `v1,${signature}`);
      response.end('{"plan": "gold"}');
    };
    assert.deepEqual(await send(), { exit: 'ok', answer: { plan: 'gold' } });
  });

  it('fails with a status that is not 2xx, a redirect, an answer that is no JSON or too large', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => response.writeHead(500).end(),
      (response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end(),
      (response) => response.end('<html>'),
      (response) => response.end('{"__proto__": {"x": 1}}'),
      (response) => response.end(`"${'x'.repeat(65 * 1024)}"`),
    ];
    for (const one of answers) {
      let asked = 0;
      answer = (_, __, response) => {
        asked += 1;
        one(response);
      };
      assert.equal((await send()).exit, 'error');
      assert.equal(asked, 1);
    }
  });

  it('gives up on an endpoint that does not answer', async () => {
    answer = () => {};
    assert.deepEqual(await send({}, '127.0.0.1', 50), { exit: 'timeout' });
  });

  it('goes to no private address, by number or by name', async () => {
    answer = () => assert.fail('the request must not arrive');
    assert.equal((await send({ isAllowed: isPublicAddress })).exit, 'error');
    assert.equal((await send({ lookup: lookupPublic }, 'localhost')).exit, 'error');
  });
});

describe('the answer of a flow’s request', () => {
  it('becomes params by its paths, if there is a text, a number or a truth value', () => {
    const answer = { contract: { plan: 'gold', years: 3 }, open: false, list: ['a'], bad: 'x\0' };
    const paths = {
      plan: 'contract.plan',
      years: 'contract.years',
      open: 'open',
      first: 'list.0',
      none: 'contract.none',
      deep: 'contract',
      proto: 'constructor.name',
      bad: 'bad',
    };
    assert.deepEqual(mapped(paths, answer), {
      plan: 'gold',
      years: '3',
      open: 'false',
      first: 'a',
    });
    assert.deepEqual(mapped(paths, null), {});
  });
});
