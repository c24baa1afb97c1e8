import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChallengeView } from '../../protocol/views.ts';
import type { ConsentView } from '../../protocol/visitor-view.ts';
import type { Queryable } from '../database/database.ts';
import { isStorableText } from '../database/storable-text.ts';
import type { SiteMedia } from '../rooms/room-media.ts';

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly origins: readonly string[];
  readonly crm_origins: readonly string[];
  readonly media: SiteMedia;
  /** Whether a device test measures the line in a room of TRTC. */
  readonly device_test_room: boolean;
  /** The challenge that visitors without a signed identity answer; null if the site demands none. */
  readonly challenge: ChallengeView | null;
  /** What visitors agree to before a call; null if the site asks for nothing. */
  readonly consent: ConsentView | null;
  /** Sockets of visitors and guests that one node holds for this site. */
  readonly socket_limit: number;
  /** The id of the flow with which calls begin that name none; null: there is none. */
  readonly default_flow: string | null;
}

/** Rejects with `unknown-site`. `id` may be any text that a page sends. */
export async function readSite(db: Queryable, id: string): Promise<Site> {
  const unknown = (): RtcDeskError => new RtcDeskError('unknown-site', 'No such site.');
  if (!isStorableText(id)) throw unknown();
  const { rows } = await db.query<Site>(
    `select id, name, origins, crm_origins, media, device_test_room, socket_limit,
            case when visitor_check = 'challenge'
                 then json_build_object('provider', challenge -> 'provider', 'siteKey', challenge -> 'siteKey') end
              as challenge,
            consent || jsonb_build_object('version', consent_version(consent)) as consent,
            (select f.id from flows f where f.site_id = sites.id and f.is_default) as default_flow
       from sites where id = $1`,
    [id],
  );
  const site = rows[0];
  if (!site) throw unknown();
  return site;
}
