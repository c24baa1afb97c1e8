import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { renderSVG } from 'uqr';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { TENCENT_HOSTS } from '../../../src/server/http/tencent-hosts.ts';
import { verifyRoomToken } from '../../../src/server/identity/room-token.ts';
import { SocketMetrics } from '../../../src/server/sockets/socket-metrics.ts';
import { packageVersion } from '../../../src/server/command-line/package-folder.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';
import { writeTwoSites } from '../identity/sites.ts';
import { HttpFixture, key, PINNED, SCRIPT } from './http-fixture.ts';

/** Sends these bytes as they are. A client library would not. */
function raw(url: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(request));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('HTTP pages and files', () => {
  let db: Database;
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let plain: HttpFixture;
  let demo: HttpFixture;

  before(async () => {
    directory = await freshDataDirectory();
    db = await openDatabase({ dataDir: directory.dataDir, nodeId: randomUUID() });
    await writeTwoSites(db);
    await db.query(`insert into sites (id, name) values ('demo', 'Demo')`);
    plain = await HttpFixture.open(db, { publicUrl: 'https://desk.example.com' });
    demo = await HttpFixture.open(db, { demo: true });
  });
  after(async () => {
    await plain?.close();
    await demo?.close();
    await db?.close();
    await directory?.remove();
  });

  it('serves the script to every site, compressed, and has browsers ask for it again each time', async () => {
    const response = await plain.get('/rtc-desk.js', { 'accept-encoding': 'br' });
    assert.equal(await response.text(), SCRIPT);
    assert.match(response.headers.get('content-type') ?? '', /javascript/);
    assert.equal(response.headers.get('content-encoding'), 'br');
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.equal(response.headers.get('cross-origin-resource-policy'), 'cross-origin');
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    const etag = response.headers.get('etag') ?? '';
    // Not by fetch: with such a header it bypasses the caches.
    const lines = [
      'GET /rtc-desk.js HTTP/1.1',
      'Host: x',
      'Connection: close',
      'Accept-Encoding: br',
    ];
    const again = await raw(plain.url, [...lines, `If-None-Match: ${etag}`, '', ''].join('\r\n'));
    assert.match(again, /^HTTP\/1\.1 304/);
  });

  it('serves the guides as text, and nothing beside them', async () => {
    const response = await plain.get('/docs/site-owner.md');
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; charset=utf-8/);
    assert.match(await response.text(), /`page-blocked`/);
    for (const path of ['/docs/', '/docs/missing.md', '/docs/..%2fpackage.json']) {
      assert.equal((await plain.get(path)).status, 404, path);
    }
  });

  it('lets browsers keep chunks and pinned versions for ever', async () => {
    for (const path of ['/chunks/panel-abc123.js', `/v/${packageVersion}/call-room.js`]) {
      const response = await plain.get(path);
      assert.equal(await response.text(), SCRIPT, path);
      assert.match(response.headers.get('cache-control') ?? '', /immutable/);
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
    }
    assert.equal((await plain.get('/v/9.9.9/rtc-desk.js')).status, 404);
  });

  it('serves a program and a model with their types, also if only the compressed file exists', async () => {
    const program = await plain.get('/chunks/assets-abc123/program.wasm', {
      'accept-encoding': 'gzip, deflate, br, zstd',
    });
    assert.equal(await program.text(), SCRIPT);
    assert.equal(program.headers.get('content-type'), 'application/wasm');
    assert.equal(program.headers.get('content-encoding'), 'gzip');
    const model = await plain.get('/chunks/assets-abc123/model.tflite');
    assert.equal(await model.text(), SCRIPT);
    for (const { headers } of [program, model]) {
      assert.match(headers.get('cache-control') ?? '', /immutable/);
      assert.equal(headers.get('access-control-allow-origin'), '*');
    }
  });

  it('serves the script that checks its chunks at the pinned address alone, and tells its hash', async () => {
    const pinned = await plain.get(`/v/${packageVersion}/rtc-desk.js`);
    assert.equal(await pinned.text(), PINNED);
    assert.match(pinned.headers.get('cache-control') ?? '', /immutable/);
    for (const path of ['/rtc-desk.pinned.js', `/v/${packageVersion}/rtc-desk.pinned.js`]) {
      assert.equal((await plain.get(path)).status, 404, path);
    }
    const embed = (await (await plain.get('/api/v1/embed')).json()) as Record<string, string>;
    const hash = createHash('sha384').update(PINNED).digest('base64');
    assert.equal(embed.integrity, `sha384-${hash}`);
    assert.equal(embed.pinned, `https://desk.example.com/v/${packageVersion}/rtc-desk.js`);
  });

  it('serves a site’s desk under a strict policy that lets that site’s CRM frame it', async () => {
    const response = await plain.get('/desk/acme?lang=en');
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(await response.text(), /Desk/);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /connect-src 'self' wss:\/\/desk\.example\.com;/);
    assert.match(policy, /frame-ancestors 'self' https:\/\/crm\.acme\.example;/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.match(response.headers.get('permissions-policy') ?? '', /camera=\(self\)/);
    assert.equal(response.headers.get('x-frame-options'), null);
    assert.match(response.headers.get('strict-transport-security') ?? '', /max-age/);
    const config = await (await plain.get('/api/v1/desk-config?site=acme')).json();
    assert.deepEqual(config, { site: 'acme', crmOrigins: ['https://crm.acme.example'] });
    const other = await plain.get('/desk/other');
    assert.match(other.headers.get('content-security-policy') ?? '', /frame-ancestors 'self';/);
  });

  it('asks which site’s desk is meant if there are several, and needs no answer if there is one', async () => {
    for (const path of ['/desk', '/desk/nobody', '/api/v1/desk-config']) {
      const response = await plain.get(path);
      assert.equal(response.status, 404, path);
      assert.equal(((await response.json()) as { code: string }).code, 'unknown-site');
    }
    assert.equal((await plain.get('/desk/NO')).status, 400);
    const single = await freshDataDirectory();
    const database = await openDatabase({ dataDir: single.dataDir, nodeId: randomUUID() });
    try {
      await database.query(`insert into sites (id, name) values ('acme', 'Acme')`);
      const server = await HttpFixture.open(database);
      const response = await server.get('/desk?lang=en');
      assert.equal(response.headers.get('location'), '/desk/acme?lang=en');
      await server.close();
    } finally {
      await database.close();
      await single.remove();
    }
  });

  it('lets its pages connect to Tencent’s servers and compile WebAssembly only if calls use TRTC', async () => {
    const server = await HttpFixture.open(db, { demo: true, trtc: TEST_TRTC });
    try {
      for (const path of ['/desk/demo', '/demo/site/']) {
        const open = (await server.get(path)).headers.get('content-security-policy') ?? '';
        const without = (await demo.get(path)).headers.get('content-security-policy') ?? '';
        for (const host of TENCENT_HOSTS) assert.ok(!without.includes(host), host);
        const own = (policy: string, { url }: HttpFixture) =>
          policy.replaceAll(new URL(url).host, 'this server');
        assert.equal(
          own(open, server)
            .replace(` ${TENCENT_HOSTS.join(' ')}`, '')
            .replace("script-src 'self' 'wasm-unsafe-eval';", "script-src 'self';"),
          own(without, demo),
        );
        assert.match(open, /connect-src [^;]*wss:\/\/\*\.rtc\.qq\.com/);
        assert.match(open, /script-src 'self' 'wasm-unsafe-eval';/);
        assert.doesNotMatch(without, /unsafe/);
      }
    } finally {
      await server.close();
    }
  });

  it('serves the desk’s page at no address with another policy', async () => {
    assert.equal((await plain.get('/desk.html')).status, 404);
    assert.equal((await plain.get(`/v/${packageVersion}/desk.html`)).status, 404);
  });

  it('has a home page that says what the server is if there is no demo', async () => {
    const response = await plain.get('/');
    assert.equal(response.status, 404);
    assert.match(await response.text(), /rtc-desk/);
    assert.equal((await plain.get('/demo/')).status, 404);
    assert.equal((await plain.post('/demo/room-token', { name: 'Ada' })).status, 404);
  });

  it('shows the demo under as strict a policy, when asked for', async () => {
    assert.equal((await demo.get('/')).headers.get('location'), '/demo/');
    const index = await demo.get('/demo/');
    assert.match(await index.text(), /Demo/);
    const policy = index.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal((await demo.get('/demo/room')).headers.get('location'), '/demo/room/');
    assert.match(await (await demo.get('/demo/room/')).text(), /Room/);
  });

  it('draws the addresses of the demo’s pages as QR codes, and of no other page', async () => {
    const code = await demo.get('/demo/code.svg?page=customer&lang=zh-CN');
    assert.match(code.headers.get('content-type') ?? '', /^image\/svg\+xml/);
    const origin = new URL(code.url).origin;
    const address = `${origin}/demo/site/?device=METER-0042&fault=no-power&lang=zh-CN`;
    assert.equal(await code.text(), renderSVG(address, { ecc: 'M', border: 4 }));
    for (const wrong of [
      '',
      '?page=admin&lang=en',
      '?page=agent&lang=fr',
      '?page=agent&lang=en&x=1',
    ]) {
      assert.equal((await demo.get(`/demo/code.svg${wrong}`)).status, 400, wrong);
    }
    assert.equal((await plain.get('/demo/code.svg?page=agent&lang=en')).status, 404);
  });

  it('lets anybody with a name into the demo’s one room', async () => {
    const enter = async (name: unknown) => demo.post('/demo/room-token', { name });
    const first = (await (await enter(' Ada ')).json()) as { token: string; room: number };
    const second = (await (await enter('Bob')).json()) as { token: string; room: number };
    assert.equal(first.room, second.room);
    const guest = await verifyRoomToken(key, first.token);
    assert.deepEqual([guest.room, guest.name], [first.room, 'Ada']);
    assert.equal(guest.verified, false, 'nobody vouches for a name that was typed');
    await db.query('update rooms set closed_at = now() where number = $1', [first.room]);
    const third = (await (await enter('Eve')).json()) as { room: number };
    assert.notEqual(third.room, first.room, 'a closed one is followed by another');
    for (const wrong of ['', '   ', 'x'.repeat(81), 'a\nb', null, undefined]) {
      assert.equal((await enter(wrong)).status, 400, JSON.stringify(wrong));
    }
  });

  it('gives no file but its own, however the address is written', async () => {
    const paths = [
      '/../secret.js',
      '/%2e%2e/secret.js',
      '/..%2fsecret.js',
      '/%2e%2e%2fsecret.js',
      '/chunks/../../secret.js',
      '/chunks/..%5c..%5csecret.js',
      '/..\\secret.js',
      '//../secret.js',
      '/%252e%252e/secret.js',
      '/.hidden.js',
      '/%00/rtc-desk.js',
      '/rtc-desk.js%00.html',
      '/demo/../../secret.js',
      '/demo/%2e%2e/secret.js',
      `/v/${packageVersion}/../../../secret.js`,
      'http://evil.example/../secret.js',
      '/rtc-desk.js.gz',
      '/%',
      '/%ff',
    ];
    for (const path of paths) {
      const answer = await raw(
        demo.url,
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 4\d\d/, path);
      assert.doesNotMatch(answer, /top secret|hidden|a script/, path);
    }
  });

  it('lets no header be written through an address or a host', async () => {
    const paths = ['/demo/room%0d%0aset-cookie:%20a=b', '/%0d%0aset-cookie:%20a=b'];
    for (const path of paths) {
      const answer = await raw(
        demo.url,
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      assert.doesNotMatch(answer, /\r\nset-cookie/i);
    }
    for (const host of ["x; script-src 'unsafe-inline'", '*', 'a,b', 'x"']) {
      const answer = await raw(
        demo.url,
        `GET /demo/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      assert.match(answer, /connect-src 'self';|^HTTP\/1\.1 400/, host);
      assert.doesNotMatch(answer, /unsafe-inline/);
    }
  });

  it('answers what is no request, or cannot be routed, with a code as well', async () => {
    const cases: [status: number, request: string][] = [
      [400, 'nonsense\r\n\r\n'],
      [400, 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n'],
      [431, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
      [400, 'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ];
    for (const [status, request] of cases) {
      const answer = await raw(plain.url, request);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      assert.match(head, new RegExp(`^HTTP/1.1 ${status} `), request.slice(0, 40));
      assert.match(head, /content-type: application\/json/i);
      const { code, message, ...more } = JSON.parse(body) as Record<string, string>;
      assert.deepEqual([code, typeof message, more], ['bad-message', 'string', {}]);
    }
  });

  it('is alive without its database, but ready only with it, and not while it stops', async () => {
    assert.equal((await plain.get('/readyz')).status, 200);
    plain.stopping = true;
    assert.equal((await plain.get('/readyz')).status, 503);
    plain.stopping = false;
    const gone = { ...db, query: () => Promise.reject(new Error('gone')) } as unknown as Database;
    const broken = await HttpFixture.open(gone);
    try {
      assert.equal((await broken.get('/healthz')).status, 200);
      assert.equal((await broken.get('/readyz')).status, 503);
      assert.match(await (await broken.get('/metrics')).text(), /rtc_desk_database_up 0/);
      const failed = await broken.get('/api/v1/desk-config?site=acme');
      assert.equal(failed.status, 500);
      assert.equal(((await failed.json()) as { code: string }).code, 'server-error');
    } finally {
      await broken.close();
    }
  });

  it('shows its metrics to this machine only, or to whoever has the token', async () => {
    const status = async (http: HttpFixture, headers: Record<string, string> = {}) =>
      (await http.get('/metrics', headers)).status;
    const fixtures = [
      await HttpFixture.open(db, { trustProxy: ['loopback'] }),
      await HttpFixture.open(db, { metricsToken: 'figures-for-prometheus' }),
    ] as const;
    const [behindProxy, guarded] = fixtures;
    try {
      // An unknown proxy on this machine forwards requests of anybody.
      assert.equal(await status(plain, { 'x-forwarded-for': '198.51.100.1' }), 403);
      assert.equal(await status(plain, { 'x-forwarded-for': '127.0.0.1' }), 403);
      assert.equal(await status(plain, { forwarded: 'for=198.51.100.1' }), 403);
      assert.equal(await status(plain, { via: '1.1 proxy' }), 403);
      // A proxy without such headers, which passes the name on under which it was asked, or speaks HTTP/1.0.
      for (const [host, version] of [
        ['desk.example.com', '1.1'],
        ['localhost', '1.0'],
      ]) {
        const lines = [
          `GET /metrics HTTP/${version}`,
          `Host: ${host}`,
          'Connection: close',
          '',
          '',
        ];
        assert.match(await raw(plain.url, lines.join('\r\n')), /^HTTP\/1\.1 403/);
      }
      assert.equal(await status(behindProxy, { 'x-forwarded-for': '198.51.100.1' }), 403);
      assert.equal(await status(behindProxy), 200);
      assert.equal(await status(guarded), 401);
      assert.equal(await status(guarded, { authorization: 'Bearer figures-for-prometheuX' }), 401);
      assert.equal(await status(guarded, { authorization: 'Bearer figures' }), 401);
      const token = { authorization: 'Bearer figures-for-prometheus' };
      assert.equal(await status(guarded, { ...token, 'x-forwarded-for': '198.51.100.1' }), 200);
    } finally {
      for (const fixture of fixtures) await fixture.close();
    }
  });

  it('has metrics for Prometheus, with labels from closed sets', async () => {
    const sockets = new SocketMetrics(plain.registry, () => ({
      open: { visitor: 3, agent: 2, guest: 1, console: 0, handshaking: 0 },
      bufferedBytes: 0,
    }));
    sockets.countClosed('4401');
    sockets.countClosed('4401');
    await plain.get(`/${randomUUID()}`);
    const text = await (await plain.get('/metrics')).text();
    assert.match(text, /rtc_desk_calls\{state="queued"\} 0/);
    assert.match(text, /rtc_desk_sockets\{role="visitor"\} 3/);
    assert.match(text, /rtc_desk_sockets_closed_total\{code="4401"\} 2/);
    assert.match(text, /rtc_desk_offers_total 4/);
    assert.match(text, /nodejs_eventloop_lag_p99_seconds/);
    assert.match(
      text,
      /rtc_desk_http_request_seconds_count\{method="GET",route="none",status="4xx"\}/,
    );
    assert.doesNotMatch(text, /[0-9a-f]{8}-[0-9a-f]{4}-/);
    const again = await (await plain.get('/metrics')).text();
    assert.match(again, /rtc_desk_offers_total 4/, 'the same, not added up');
  });
});
