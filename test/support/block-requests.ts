import type { HTTPRequest, Page } from 'puppeteer-core';

/**
 * Blocks a page's requests whose path matches, and adds their paths to `blocked`. Resolves to the function that
 * allows them again.
 */
export async function blockRequests(
  page: Page,
  path: RegExp,
  blocked: string[] = [],
): Promise<() => Promise<void>> {
  const handleRequest = (request: HTTPRequest): void => {
    const { pathname } = new URL(request.url());
    if (!path.test(pathname)) return void request.continue();
    blocked.push(pathname);
    void request.abort('blockedbyclient');
  };
  await page.setRequestInterception(true);
  page.on('request', handleRequest);
  return async () => {
    page.off('request', handleRequest);
    await page.setRequestInterception(false);
  };
}
