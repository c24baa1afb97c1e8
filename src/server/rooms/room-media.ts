import type { MediaProvider } from '../../protocol/views.ts';

/** What this server's settings say of the rooms that it makes. */
export interface RoomMedia {
  /** Whether rooms may be made for TRTC: those of every site that did not choose the built-in media. */
  readonly trtc: boolean;
  /** Whether TRTC's callbacks reach this server, so that they say who is in a room. */
  readonly witnessed: boolean;
}

export const BUILT_IN_MEDIA: RoomMedia = { trtc: false, witnessed: false };

/** A site's own choice: what the column `media` of `sites` holds. */
export type SiteMedia = 'default' | MediaProvider;

/** The media of a site's next room. A site that wants TRTC where there is none was refused before (start-without-trtc.ts). */
export function mediaOf(site: SiteMedia, { trtc }: RoomMedia): MediaProvider {
  return trtc && site !== 'peer' ? 'trtc' : 'peer';
}

/** The same in SQL, for the row `s` of sites; `trtc` names the parameter. */
export const providerOf = (trtc: string): string =>
  `case when ${trtc}::boolean and s.media <> 'peer' then 'trtc' else 'peer' end`;
