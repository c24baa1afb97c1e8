import type { Person } from '../../../call/room-control.ts';

export type Layout = 'auto' | 'grid' | 'speaker';

/** One tile of the stage: somebody's camera, or the screen that they share. */
export interface Item {
  /** The same for as long as the tile shows the same thing. */
  readonly key: string;
  readonly person: Person;
  readonly kind: 'camera' | 'screen';
  /** `main` fills the stage, `strip` stands beside it, `floating` lies in its corner. */
  readonly place: 'main' | 'strip' | 'floating' | 'grid';
}

const camera = (person: Person, place: Item['place']): Item => ({
  key: `camera ${person.id}`,
  person,
  kind: 'camera',
  place,
});

/**
 * Who is shown where. A screen that somebody else shares comes first, whatever the layout; one's own is
 * not shown to oneself. `speaker`: the id of the one who spoke last.
 */
export function arrange(people: readonly Person[], layout: Layout, speaker: string | null): Item[] {
  const sharing = people.filter((person) => person.screen && !person.self);
  if (sharing.length) {
    const screens = sharing.map((person, index): Item => {
      return {
        key: `screen ${person.id}`,
        person,
        kind: 'screen',
        place: index ? 'strip' : 'main',
      };
    });
    return [...screens, ...people.map((person) => camera(person, 'strip'))];
  }
  if (people.length === 1) return people.map((person) => camera(person, 'main'));
  if (layout === 'grid' || (layout === 'auto' && people.length > 2)) {
    // Oneself last: the others are what one looks at.
    const others = people.filter(({ self }) => !self);
    const self = people.filter((person) => person.self);
    return [...others, ...self].map((person) => camera(person, 'grid'));
  }
  const others = people.filter(({ self }) => !self);
  const main = others.find(({ id }) => id === speaker) ?? others[0];
  const beside = others.length > 1 ? 'strip' : 'floating';
  return people.map((person) => camera(person, person === main ? 'main' : beside));
}
