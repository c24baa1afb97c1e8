import { RtcDeskError } from '../../../protocol/errors.ts';
import type { Queryable } from '../../database/database.ts';
import type { SiteMedia } from '../../rooms/room-media.ts';
import { isStorableText } from '../../database/storable-text.ts';

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly origins: readonly string[];
  readonly crm_origins: readonly string[];
  readonly media: SiteMedia;
  /** Sockets of this site that one node holds. */
  readonly socket_limit: number;
}

/** Rejects with `unknown-site`. */
export async function readSite(db: Queryable, id: string): Promise<Site> {
  const unknown = (): RtcDeskError => new RtcDeskError('unknown-site', 'No site of this key.');
  // Whatever a page says its site is called comes here.
  if (!isStorableText(id)) throw unknown();
  const { rows } = await db.query<Site>(
    'select id, name, origins, crm_origins, media, socket_limit from sites where id = $1',
    [id],
  );
  const site = rows[0];
  if (!site) throw unknown();
  return site;
}
