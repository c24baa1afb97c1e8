/** For `class=${…}`: the names whose value is true, as `classNames({ tile: true, speaking })`. */
export function classNames(classes: Readonly<Record<string, unknown>>): string {
  return Object.keys(classes)
    .filter((name) => classes[name])
    .join(' ');
}
