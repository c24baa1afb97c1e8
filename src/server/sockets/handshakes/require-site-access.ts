import { RetryLaterError } from '../../rate-limits/retry-later-error.ts';
import type { Site } from '../../sites/read-site.ts';
import { requireAllowedOrigin } from '../allowed-origin.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';

/** When a site with too many sockets may have room again. */
const SITE_FULL_RETRY_SECONDS = 10;

/**
 * Counts a visitor or guest among the site's sockets. Agents are not counted: they come with a token, and visitors
 * need them. Rejects with `origin-not-allowed`, and with `rate-limited` if the site has too many sockets on this
 * node.
 */
export function requireSiteAccess(node: NodeContext, connection: Connection, site: Site): void {
  requireAllowedOrigin(connection.origin, site.origins);
  if (!node.takeSitePlace(connection, site.id, site.socket_limit)) {
    throw new RetryLaterError(
      'rate-limited',
      'Too many are connected to this site.',
      SITE_FULL_RETRY_SECONDS,
    );
  }
}
