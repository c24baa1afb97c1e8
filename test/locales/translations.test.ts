import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const XLIFF = 'src/locales/xliff/zh-CN.xlf';
const GENERATED = 'src/locales/generated/zh-CN.ts';

const units = (xliff: string) =>
  [...xliff.matchAll(/<trans-unit id="([^"]+)">(.*?)<\/trans-unit>/gs)].map(
    ([, id = '', body = '']) => ({
      id,
      source: /<source>(.*?)<\/source>/s.exec(body)?.[1] ?? '',
      target: /<target>(.*?)<\/target>/s.exec(body)?.[1] ?? '',
    }),
  );

describe('the Chinese texts', () => {
  let copy: string;

  // The extraction overwrites its files, so that it runs on a copy.
  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'rtc-desk-locales-'));
    for (const part of ['src', '.config', 'tsconfig.json', 'package.json']) {
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const tsconfig = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
    writeFileSync(
      join(copy, 'tsconfig.json'),
      JSON.stringify({ ...tsconfig, include: ['src/elements', 'src/embed', 'src/locales'] }),
    );
    const tool = join(ROOT, 'node_modules/@lit/localize-tools/bin/lit-localize.js');
    for (const command of ['extract', 'build']) {
      const args = [tool, '--config', '.config/lit-localize.json', command];
      execFileSync(process.execPath, args, { cwd: copy, stdio: 'pipe' });
    }
  });

  after(() => rmSync(copy, { recursive: true, force: true }));

  it('exist for every message', () => {
    const missing = units(readFileSync(join(copy, XLIFF), 'utf8')).filter(({ target }) => !target);
    assert.deepEqual(
      missing.map(({ source }) => source),
      [],
    );
  });

  it('have the same placeholders as the English texts', () => {
    for (const { source, target } of units(readFileSync(join(copy, XLIFF), 'utf8'))) {
      const values = (text: string) =>
        [...text.matchAll(/<x id="(\d+)"/g)].map(([, n]) => n).sort();
      assert.deepEqual(values(target), values(source), source);
    }
  });

  it('are built from the present translations', () => {
    assert.equal(
      readFileSync(join(ROOT, GENERATED), 'utf8'),
      readFileSync(join(copy, GENERATED), 'utf8'),
    );
  });
});
