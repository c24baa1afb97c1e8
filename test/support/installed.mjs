import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds a program: the path in the environment variable, else the first of `names` on PATH, else the first of `places`.
 * Throws if the variable names no program.
 * @param {{ variable: string, names: readonly string[], places?: readonly string[] }} wanted
 * @returns {string | undefined}
 */
export function findInstalled({ variable, names, places = [] }) {
  const named = process.env[variable];
  if (named) {
    if (!isExecutable(named)) throw new Error(`${variable}: no program at ${named}`);
    return named;
  }
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find(isExecutable);
}
