import type { Page } from 'puppeteer-core';

/** What a desk sends of a recording, in ms since 1970. */
export interface WatchedSegments {
  /** When each segment was first sent. */
  readonly begun: readonly number[];
  /** When the server acknowledged each slice. */
  readonly acknowledged: readonly number[];
}

const SEGMENT = /\/api\/v1\/recordings\/[^/]+\/segments(\/[^/]+)?$/;

/** Watches this page, also after a reload. */
export function watchSegments(page: Page): WatchedSegments {
  const [begun, acknowledged]: [number[], number[]] = [[], []];
  const known = new Set<string>();
  page.on('request', (request) => {
    if (request.method() !== 'POST' || !SEGMENT.test(request.url())) return;
    // The next page begins a segment again that this one has left.
    const { id } = JSON.parse(request.postData() ?? '{}') as { id: string };
    if (!known.has(id)) begun.push(Date.now());
    known.add(id);
  });
  page.on('response', (response) => {
    const isSlice = SEGMENT.test(response.url()) && response.request().method() === 'PATCH';
    if (isSlice && response.status() === 204) acknowledged.push(Date.now());
  });
  return { begun, acknowledged };
}
