/** A field that two people changed, or that only the other one did. */
export interface FieldDifference {
  readonly name: string;
  readonly theirs: unknown;
  /** Undefined if this person did not change the field. */
  readonly mine: unknown;
}

export type Values = Readonly<Record<string, unknown>>;

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The names of the fields in which `changed` differs from `base`. */
export const changedNames = (base: Values, changed: Values): string[] =>
  Object.keys(changed).filter((name) => !isSame(base[name], changed[name]));

/** What somebody else changed since `base`, beside what this person entered. */
export function compareChanges(base: Values, mine: Values, theirs: Values): FieldDifference[] {
  return changedNames(base, theirs).map((name) => ({
    name,
    theirs: theirs[name],
    mine: isSame(base[name], mine[name]) ? undefined : mine[name],
  }));
}

/** The other person's version, with the fields that this person changed. */
export function mergeChanges<T extends Values>(base: T, mine: T, theirs: T): T {
  const kept = changedNames(base, mine).map((name) => [name, mine[name]]);
  return { ...theirs, ...Object.fromEntries(kept) };
}
