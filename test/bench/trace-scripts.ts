import { gzipSync } from 'node:zlib';
import type { Page } from 'puppeteer-core';

/** A script of the desk's own that a page has loaded; gzip -9, so that it can be held against any other library. */
export interface LoadedScript {
  /** Its path, as a build names it. */
  readonly path: string;
  readonly gzip: number;
}

/** Notes what a page loads of the desk's own, from the browser's network trace. Answers with what has come so far. */
export function traceScripts(page: Page, origin: string): () => Promise<LoadedScript[]> {
  const loaded: Promise<LoadedScript>[] = [];
  page.on('response', (response) => {
    const { origin: from, pathname: path } = new URL(response.url());
    const ofDemo = path.startsWith('/demo/');
    if (from !== origin || ofDemo || response.request().resourceType() !== 'script') return;
    const weigh = (body: Buffer) => ({ path, gzip: gzipSync(body, { level: 9 }).length });
    loaded.push(response.buffer().then(weigh));
  });
  return () => Promise.all(loaded);
}

export const gzipOf = (scripts: readonly LoadedScript[]): number =>
  scripts.reduce((sum, { gzip }) => sum + gzip, 0);
