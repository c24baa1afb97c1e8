import type { Person } from '../../../call/room-control.ts';

/** One tile of the stage: a person's camera, or their shared screen. */
export interface Item {
  /** The same as long as the tile shows the same thing. */
  readonly key: string;
  readonly person: Person;
  readonly kind: 'camera' | 'screen';
  /** `main` fills the stage, `strip` is beside it, `floating` is in its corner. */
  readonly place: 'main' | 'strip' | 'floating' | 'grid';
}

/** In CSS pixels, from the stage's top left corner. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Between two tiles, in CSS pixels. */
export const GAP = 8;
/** Width to height of a tile that suits a face. */
export const FACE_RATIO = 4 / 3;

export const camera = (person: Person, place: Item['place']): Item => ({
  key: `camera ${person.id}`,
  person,
  kind: 'camera',
  place,
});

/** Two people: the other one fills the stage. Alone, this person does. */
export const arrangePair = (people: readonly Person[]): Item[] =>
  people.map((person) => camera(person, person.self && people.length > 1 ? 'floating' : 'main'));

/** The places of one person who fills the stage, and of another in its corner. */
export function placePair(items: readonly Item[], stage: Size): Map<string, Place> {
  const whole: Place = { left: 0, top: 0, ...stage };
  return new Map(
    items.map(({ key, place }) => [key, place === 'floating' ? inCorner(whole) : whole]),
  );
}

/** A small tile at the bottom, on the right. */
export function inCorner(area: Place): Place {
  const portrait = area.height > area.width;
  const width = Math.round(clamp(area.width * 0.22, 88, 240));
  const height = Math.round(
    Math.min(portrait ? width * FACE_RATIO : width / FACE_RATIO, area.height * 0.45),
  );
  return {
    left: area.left + area.width - width - 2 * GAP,
    top: area.top + area.height - height - 2 * GAP,
    width,
    height,
  };
}

export const clamp = (value: number, min: number, max: number): number =>
  Math.max(min, Math.min(max, value));
