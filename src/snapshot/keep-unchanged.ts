interface Item {
  readonly id: string;
}

/**
 * Returns the earlier items and the earlier list if nothing changed, so that a comparison by identity shows what
 * to render again. New items are frozen.
 */
export function keepUnchanged<T extends Item>(
  before: readonly T[],
  now: readonly T[],
): readonly T[] {
  const items = now.map((item) => {
    const earlier = before.find(({ id }) => id === item.id);
    const keys = Object.keys(item) as (keyof T)[];
    if (earlier && keys.every((key) => Object.is(earlier[key], item[key]))) return earlier;
    return Object.freeze(item);
  });
  const same = items.length === before.length && items.every((item, i) => item === before[i]);
  return same ? before : items;
}
