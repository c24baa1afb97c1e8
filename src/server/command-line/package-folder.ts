import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package's own folder, whether this runs from `src/` or from `dist/`. */
export const packageFolder: string = find(new URL('./', import.meta.url));

/** As package.json says. */
export const packageVersion: string = (
  JSON.parse(readFileSync(`${packageFolder}package.json`, 'utf8')) as { version: string }
).version;

/** With a slash at its end. */
function find(folder: URL): string {
  if (existsSync(new URL('package.json', folder))) return fileURLToPath(folder);
  const above = new URL('../', folder);
  if (above.href === folder.href)
    throw new Error('The package is not whole: no package.json above the server.');
  return find(above);
}
