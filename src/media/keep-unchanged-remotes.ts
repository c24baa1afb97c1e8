import type { RemoteMedia } from './media.ts';

/** Returns the earlier objects and the earlier list where nothing changed, so that nothing is rendered again. */
export function keepUnchangedRemotes(
  before: readonly RemoteMedia[],
  now: readonly RemoteMedia[],
): readonly RemoteMedia[] {
  const kept = now.map((remote) => keepIfSame(before, remote));
  const same = kept.length === before.length && kept.every((one, index) => one === before[index]);
  return same ? before : Object.freeze(kept);
}

function keepIfSame(before: readonly RemoteMedia[], remote: RemoteMedia): RemoteMedia {
  const known = before.find(({ id }) => id === remote.id);
  const fields = Object.keys(remote) as (keyof RemoteMedia)[];
  if (known && fields.every((field) => known[field] === remote[field])) return known;
  return Object.freeze(remote);
}
