import { RetryLaterError } from '../../rate-limits/retry-later-error.ts';
import { requireAllowedOrigin } from '../allowed-origin.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { Site } from './read-site.ts';

/** How soon a site with too many sockets may have room, in seconds. */
const SITE_FULL = 10;

/**
 * Lets a visitor or guest in among those of the site; its agents always find room, since they come with
 * a token and the others cannot do without them. Rejects with `origin-not-allowed`, and with
 * `rate-limited` where the site has too many sockets on this node.
 */
export function admit(node: NodeContext, connection: Connection, site: Site): void {
  requireAllowedOrigin(connection.from, site.origins);
  if (!node.takeSitePlace(connection, site.id, site.socket_limit)) {
    throw new RetryLaterError('rate-limited', 'Too many are connected to this site.', SITE_FULL);
  }
}
