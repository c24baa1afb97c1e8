import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { USAGE } from '../../src/server/command-line/command-line.ts';
import { readProvisionFile } from '../../src/server/sites/provision-file.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

const pages = [
  'README.md',
  'README.zh-CN.md',
  'src/protocol/PROTOCOL.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const withoutCode = (text: string): string => text.replace(/^ *```[^]*?^ *```$/gm, '');

/** The links and pictures of a page that lead to a file of the repository. */
function linksOf(page: string): readonly string[] {
  const text = withoutCode(read(page));
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map(([, a, b]) => (a ?? b)!);
  return links.filter((link) => !/^https?:/.test(link));
}

/** As GitHub names the headings of a page. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = withoutCode(read(page)).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** The files that define metrics. */
const METRICS = [
  'src/server/http/routes/metrics.ts',
  'src/server/http/routes/trtc-callbacks.ts',
  'src/server/sockets/socket-metrics.ts',
];

describe('the documentation', () => {
  for (const page of pages) {
    it(`has links in ${page} that lead somewhere`, () => {
      for (const link of linksOf(page)) {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? page : normalize(join(dirname(page), path));
        assert.ok(existsSync(target), link);
        if (anchor !== undefined) assert.ok(anchorsOf(target).has(decodeURI(anchor)), link);
      }
    });
  }

  for (const page of ['docs/architecture.md', 'docs/architecture.zh-CN.md']) {
    it(`names files in ${page} that exist`, () => {
      const paths = [...read(page).matchAll(/`([\w-]+(?:\/[\w.-]+)+(?:\.(?:ts|md|sql|xlf)|\/))`/g)];
      assert.ok(paths.length > 40);
      const missing = paths.map(([, path]) => path!).filter((path) => !existsSync(`src/${path}`));
      assert.deepEqual(missing, []);
    });
  }

  it('is in English and Chinese, with the same sections and the same code', () => {
    const english = pages.filter((page) => !/zh-CN|PROTOCOL/.test(page));
    for (const page of english) {
      const chinese = page.replace('.md', '.zh-CN.md');
      assert.ok(pages.includes(chinese), chinese);
      const shape = (file: string) => ({
        headings: withoutCode(read(file)).match(/^#+ /gm),
        blocks: read(file).match(/^ *```\w*$/gm)?.length,
        rows: withoutCode(read(file)).match(/^\|/gm)?.length,
      });
      assert.deepEqual(shape(chinese), shape(page), chinese);
    }
  });

  it('gives provision files that the server takes', () => {
    const examples = pages.flatMap((page) =>
      [...read(page).matchAll(/^```json\n([^]*?)^```$/gm)].map(([, text]) => JSON.parse(text!)),
    );
    const files = examples.filter((example) => 'sites' in example);
    assert.equal(files.length, 4);
    for (const file of files) readProvisionFile(file);
  });

  for (const page of ['docs/operator.md', 'docs/operator.zh-CN.md']) {
    it(`has every setting and every figure in ${page}`, () => {
      const settings = USAGE.match(/\b[A-Z]+(_[A-Z]+)+\b|\b(PORT|HOST)\b/g) ?? [];
      const figures = METRICS.flatMap((file) => read(file).match(/rtc_desk_\w+/g) ?? []);
      assert.ok(settings.length > 15 && figures.length > 10);
      const text = read(page);
      const missing = [...settings, ...figures].filter((name) => !text.includes(name));
      assert.deepEqual(missing, []);
    });
  }

  it('comes with the package, as far as the README links to it', () => {
    const { files } = JSON.parse(read('package.json')) as { files: readonly string[] };
    for (const page of ['README.md', 'README.zh-CN.md']) {
      for (const link of linksOf(page)) {
        const [path = ''] = link.split('#');
        const shipped =
          /^(README\.md|LICENSE)$/.test(path) || files.some((one) => path.startsWith(one));
        assert.ok(shipped, path);
      }
    }
  });
});
