import { builtPage } from '../built-page.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';

/** The pages for somebody with a code, which stands behind the `#`: the server never sees it. */
const PAGES = {
  /** A visitor comes back for a callback. */
  '/c': 'callback.html',
  /** A visitor takes the call over on this device. */
  '/h': 'hand-over.html',
  /** A visitor looks at a call that is over. */
  '/my-call': 'my-call.html',
  /** Somebody plays a recording, or saves a case file, by a link. */
  '/shared': 'shared.html',
};

export async function visitorPageRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  for (const [address, name] of Object.entries(PAGES)) {
    const page = builtPage(context, name);
    app.get(address, async (request, reply) => {
      setPagePolicy(context, request, reply, {});
      return reply
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(await page());
    });
  }
}
