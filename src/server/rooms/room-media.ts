import type { MediaProvider } from '../../protocol/views.ts';

/** What this server's settings say about the rooms that it makes. */
export interface RoomMedia {
  /** Whether rooms are made for TRTC: those of every site that has not chosen the built-in media. */
  readonly trtc: boolean;
  /** Whether TRTC's callbacks reach this server, so that they say who is in a room. */
  readonly confirmedByCallback: boolean;
}

export const BUILT_IN_MEDIA: RoomMedia = { trtc: false, confirmedByCallback: false };

/** A site's own choice: the column `media` of `sites`. */
export type SiteMedia = 'default' | MediaProvider;

/** The media of a site's next room. A start without TRTC refuses sites that want it (start-without-trtc.ts). */
export function mediaOf(site: SiteMedia, { trtc }: RoomMedia): MediaProvider {
  return trtc && site !== 'mesh' ? 'trtc' : 'mesh';
}
