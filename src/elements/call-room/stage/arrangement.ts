import type { Person } from '../../../call/room-control.ts';
import { arrangePair, camera, type Item } from './pair-places.ts';

export type Layout = 'auto' | 'grid' | 'speaker';

/**
 * Decides who is shown where. In every layout somebody else's shared screen comes first. A person does not
 * see their own shared screen. `speaker`: the id of the person who spoke last. `pinned`: the key of the item that
 * fills the stage before all others.
 */
export function arrange(
  people: readonly Person[],
  layout: Layout,
  speaker: string | null,
  pinned: string | null = null,
): Item[] {
  const items = arrangeByItself(people, layout, speaker);
  if (!items.some(({ key }) => key === pinned)) return items;
  return items.map((item) => ({ ...item, place: item.key === pinned ? 'main' : 'strip' }));
}

function arrangeByItself(
  people: readonly Person[],
  layout: Layout,
  speaker: string | null,
): Item[] {
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
  if (people.length === 1) return arrangePair(people);
  if (layout === 'grid' || (layout === 'auto' && people.length > 2)) {
    // This person comes last: people look at the others.
    const others = people.filter(({ self }) => !self);
    const self = people.filter((person) => person.self);
    return [...others, ...self].map((person) => camera(person, 'grid'));
  }
  const others = people.filter(({ self }) => !self);
  const main = others.find(({ id }) => id === speaker) ?? others[0];
  const beside = others.length > 1 ? 'strip' : 'floating';
  return people.map((person) => camera(person, person === main ? 'main' : beside));
}
