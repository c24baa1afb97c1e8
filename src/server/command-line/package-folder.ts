import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package's folder, with a slash at the end, whether this runs from `src/` or from `dist/`. */
export const packageFolder: string = findPackageFolder(new URL('./', import.meta.url));

/** The version in package.json. */
export const packageVersion: string = (
  JSON.parse(readFileSync(`${packageFolder}package.json`, 'utf8')) as { version: string }
).version;

function findPackageFolder(folder: URL): string {
  if (existsSync(new URL('package.json', folder))) return fileURLToPath(folder);
  const above = new URL('../', folder);
  if (above.href === folder.href)
    throw new Error('The package is incomplete: there is no package.json above the server.');
  return findPackageFolder(above);
}
