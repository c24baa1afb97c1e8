import type { LitElement } from 'lit';
import type { DrawnPicture } from '../../../call/picture-tools-control.ts';
import type { ParticipantTile } from '../stage/participant-tile.ts';
import type { RoomStage } from '../stage/room-stage.ts';

export const stageOf = (host: LitElement): RoomStage | null =>
  host.renderRoot.querySelector('rtc-room-stage');

/** The tile that shows this picture; null if there is none. */
export function findTile(
  host: LitElement,
  { participant, source }: Pick<DrawnPicture, 'participant' | 'source'>,
): ParticipantTile | null {
  const tiles = stageOf(host)?.renderRoot.querySelectorAll('rtc-participant-tile') ?? [];
  return (
    [...tiles].find(({ person, kind }) => person?.id === participant && kind === source) ?? null
  );
}
