import { gzipSync } from 'node:zlib';
import type { Page } from 'puppeteer-core';

/** A script of the desk that a page has loaded. */
export interface LoadedScript {
  readonly path: string;
  /** Bytes after gzip -9, comparable with any other library. */
  readonly gzip: number;
}

/** Records the scripts of the desk that a page loads. The returned function answers with those so far. */
export function traceScripts(page: Page, origin: string): () => Promise<LoadedScript[]> {
  const loaded: Promise<LoadedScript>[] = [];
  page.on('response', (response) => {
    const { origin: scriptOrigin, pathname: path } = new URL(response.url());
    const isDemo = path.startsWith('/demo/');
    if (scriptOrigin !== origin || isDemo || response.request().resourceType() !== 'script') return;
    const weigh = (body: Buffer) => ({ path, gzip: gzipSync(body, { level: 9 }).length });
    loaded.push(response.buffer().then(weigh));
  });
  return () => Promise.all(loaded);
}

export const gzipOf = (scripts: readonly LoadedScript[]): number =>
  scripts.reduce((sum, { gzip }) => sum + gzip, 0);
