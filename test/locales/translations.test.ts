import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The texts of the elements, and those of the console, which no visitor loads. */
const catalogues = [
  { name: 'the elements', config: 'lit-localize.json', folder: 'src/locales' },
  { name: 'the console', config: 'lit-localize.admin.json', folder: 'src/locales/admin' },
];

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
    const tool = join(ROOT, 'node_modules/@lit/localize-tools/bin/lit-localize.js');
    for (const { config } of catalogues) {
      for (const command of ['extract', 'build']) {
        const args = [tool, '--config', `.config/${config}`, command];
        execFileSync(process.execPath, args, { cwd: copy, stdio: 'pipe' });
      }
    }
  });

  after(() => rmSync(copy, { recursive: true, force: true }));

  for (const { name, folder } of catalogues) {
    describe(`of ${name}`, () => {
      const present = () => units(readFileSync(join(copy, folder, 'xliff/zh-CN.xlf'), 'utf8'));

      it('exist for every message', () => {
        assert.ok(present().length > 100);
        const missing = present().filter(({ target }) => !target);
        assert.deepEqual(
          missing.map(({ source }) => source),
          [],
        );
      });

      it('have the same placeholders as the English texts', () => {
        for (const { source, target } of present()) {
          const values = (text: string) =>
            [...text.matchAll(/<x id="(\d+)"/g)].map(([, n]) => n).sort();
          assert.deepEqual(values(target), values(source), source);
        }
      });

      it('are built from the present translations', () => {
        const generated = join(folder, 'generated/zh-CN.ts');
        assert.equal(
          readFileSync(join(ROOT, generated), 'utf8'),
          readFileSync(join(copy, generated), 'utf8'),
        );
      });
    });
  }
});
