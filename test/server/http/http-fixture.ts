import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { SignJWT, type JWTPayload } from 'jose';
import { Registry } from 'prom-client';
import type { Database } from '../../../src/server/database/database.ts';
import type { RecordingFiles } from '../../../src/server/tencent/recording-files.ts';
import { TokenBuckets } from '../../../src/server/rate-limits/token-buckets.ts';
import {
  TrustedProxies,
  type ProxyTrust,
} from '../../../src/server/rate-limits/trusted-proxies.ts';
import { makeHttpApp } from '../../../src/server/http/http-app.ts';
import type { HttpApp, HttpContext } from '../../../src/server/http/http-context.ts';
import type { ObjectStorage } from '../../../src/server/object-storage/object-storage.ts';
import { RecordingFolder } from '../../../src/server/recordings/recording-folder.ts';
import { makeLogger } from '../../../src/server/settings/logger.ts';
import { siteSecret } from '../../../src/server/identity/site-secret.ts';

export const key = new Uint8Array(32).fill(7);
export const SCRIPT = `/* ${'a script '.repeat(200)} */`;
/** The copy of the script that checks its chunks. */
export const PINNED = '/* a script that checks its chunks */';

interface FixtureSettings extends Partial<HttpContext['settings']> {
  readonly trustProxy?: ProxyTrust;
  /** The clock of the rate limits. Default: the real one. */
  readonly clock?: () => number;
  /** The rate limits. Default: with the clock above. */
  readonly buckets?: TokenBuckets;
  /** Default: a folder that goes with the fixture. */
  readonly recordingFolder?: RecordingFolder;
  /** Default: none. */
  readonly objectStorage?: ObjectStorage;
  readonly cloudFiles?: RecordingFiles;
}

/** The HTTP part of a server over real sockets, with a few files in place of the built ones. */
export class HttpFixture {
  stopping = false;
  url = '';

  private constructor(
    private readonly app: HttpApp,
    private readonly folder: string,
    readonly registry: Registry,
    /** Every line that was logged, at the level `trace`. */
    readonly log: readonly string[],
  ) {}

  static async open(
    database: Database,
    {
      trustProxy = false,
      clock,
      buckets,
      recordingFolder,
      objectStorage,
      cloudFiles,
      ...settings
    }: FixtureSettings = {},
  ): Promise<HttpFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'rtc-desk-http-'));
    await writeFiles(folder);
    const demo = settings.demo ?? false;
    let fixture: HttpFixture | null = null;
    const log: string[] = [];
    const registry = new Registry();
    const app = await makeHttpApp({
      database,
      key,
      media: {
        trtc: Boolean(settings.trtc),
        confirmedByCallback: Boolean(settings.trtc?.callbackKey),
      },
      logger: makeLogger('trace', { write: (line: string) => void log.push(line) }),
      settings: {
        publicUrl: null,
        metricsToken: null,
        trtc: null,
        turn: null,
        dataDir: folder,
        ...settings,
        demo,
      },
      recordingFolder: recordingFolder ?? new RecordingFolder(join(folder, 'recordings')),
      objectStorage: objectStorage ?? null,
      cloudFiles: cloudFiles ?? null,
      buckets: buckets ?? new TokenBuckets(clock),
      proxies: new TrustedProxies(trustProxy),
      stopping: () => fixture?.stopping ?? false,
      registry,
      matched: () => 4,
      browserFolder: join(folder, 'browser'),
      demoFolder: join(folder, 'demo'),
    });
    fixture = new HttpFixture(app, folder, registry, log);
    await app.listen({ port: 0, host: '127.0.0.1' });
    fixture.url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    return fixture;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, { headers, redirect: 'manual' });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, { method: 'DELETE', headers });
  }

  async close(): Promise<void> {
    await this.app.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A token as a site's backend signs it. By default it is for the REST interface and for a minute. */
export function signForSite(site: string, claims: JWTPayload = {}): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 60;
  return new SignJWT({ iss: site, aud: 'rtc-desk-api', sub: 'backend', exp, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(siteSecret(key, site, 1)));
}

export async function bearer(token: string | Promise<string>): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await token}` };
}

async function writeFiles(folder: string): Promise<void> {
  const browser = join(folder, 'browser');
  await mkdir(join(browser, 'chunks/assets-abc123'), { recursive: true });
  await mkdir(join(folder, 'demo/room'), { recursive: true });
  await Promise.all([
    writeFile(join(browser, 'rtc-desk.js'), SCRIPT),
    writeFile(join(browser, 'rtc-desk.pinned.js'), PINNED),
    writeFile(join(browser, 'call-room.js'), SCRIPT),
    writeFile(join(browser, 'rtc-desk.js.gz'), gzipSync(SCRIPT)),
    writeFile(join(browser, 'rtc-desk.js.br'), brotliCompressSync(SCRIPT)),
    writeFile(join(browser, 'chunks/panel-abc123.js'), SCRIPT),
    writeFile(join(browser, 'chunks/assets-abc123/program.wasm.gz'), gzipSync(SCRIPT)),
    writeFile(join(browser, 'chunks/assets-abc123/model.tflite'), SCRIPT),
    writeFile(join(browser, 'desk.html'), '<!doctype html><title>Desk</title>'),
    writeFile(join(browser, 'test.html'), '<!doctype html><title>Test</title>'),
    writeFile(join(browser, 'callback.html'), '<!doctype html><title>Callback</title>'),
    writeFile(join(browser, 'hand-over.html'), '<!doctype html><title>Hand-over</title>'),
    writeFile(join(browser, 'my-call.html'), '<!doctype html><title>Your call</title>'),
    writeFile(join(browser, 'shared.html'), '<!doctype html><title>Shared</title>'),
    writeFile(join(browser, 'admin.html'), '<!doctype html><title>Console</title>'),
    writeFile(join(browser, 'admin-preview.html'), '<!doctype html><title>Sample page</title>'),
    writeFile(
      join(browser, 'admin-flow-step.html'),
      '<!doctype html><title>Step of a flow</title>',
    ),
    writeFile(join(browser, '.hidden.js'), 'hidden'),
    writeFile(join(folder, 'demo/index.html'), '<!doctype html><title>Demo</title>'),
    writeFile(join(folder, 'demo/room/index.html'), '<!doctype html><title>Room</title>'),
    writeFile(join(folder, 'secret.js'), 'top secret'),
  ]);
}
