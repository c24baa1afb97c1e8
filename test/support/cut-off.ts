import type { HTTPRequest, Page } from 'puppeteer-core';

/** Lets no request of a page through whose path fits, until the function that it resolves to is called. */
export async function cutOff(
  page: Page,
  path: RegExp,
  refused: string[] = [],
): Promise<() => Promise<void>> {
  const judge = (request: HTTPRequest): void => {
    const { pathname } = new URL(request.url());
    if (!path.test(pathname)) return void request.continue();
    refused.push(pathname);
    void request.abort('blockedbyclient');
  };
  await page.setRequestInterception(true);
  page.on('request', judge);
  return async () => {
    page.off('request', judge);
    await page.setRequestInterception(false);
  };
}
