import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find } from '../support/page-actions.ts';
import { waitUntil } from '../support/wait-until.ts';

interface Named {
  readonly name: string;
  readonly description?: string;
}
interface Manifest {
  readonly modules: readonly {
    readonly declarations?: readonly {
      readonly tagName?: string;
      readonly cssParts?: readonly Named[];
      readonly cssProperties?: readonly Named[];
    }[];
  }[];
}

const { modules } = JSON.parse(readFileSync('dist/custom-elements.json', 'utf8')) as Manifest;
/** What the manifest says that a page can set, as the names of the page's buttons, by element. */
const settable = new Map(
  modules
    .flatMap(({ declarations = [] }) => declarations)
    .map(({ tagName = '', cssParts = [], cssProperties = [] }) => [
      tagName,
      [...cssParts.map(({ name }) => `::part(${name})`), ...cssProperties.map(({ name }) => name)],
    ]),
);
for (const [tag, names] of settable) if (!tag || names.length === 0) settable.delete(tag);

/** How everything that is visible in the previews of an element looks: a line for each element and for its place. */
const looks = (page: Frame, tag: string): Promise<readonly string[]> =>
  page.evaluate((name) => {
    const lines: string[] = [];
    const add = (element: Element): void => {
      const style = getComputedStyle(element);
      const { width, height, right, bottom } = element.getBoundingClientRect();
      if (width > 0 && height > 0 && style.visibility === 'visible') {
        const { color, backgroundColor, borderTopColor, borderTopLeftRadius, fontFamily } = style;
        const { outlineStyle, outlineColor, boxShadow, fill, stroke, borderTopWidth } = style;
        const border = borderTopWidth === '0px' ? '' : borderTopColor;
        const outline = outlineStyle === 'none' ? '' : outlineColor;
        const text = element.textContent ? `${color} ${fontFamily}` : '';
        const floats = style.position === 'fixed' ? `${right} ${bottom}` : '';
        const drawn = element instanceof SVGElement ? `${fill} ${stroke} ${color}` : '';
        lines.push(
          [element.localName, backgroundColor, border, borderTopLeftRadius, outline, text]
            .concat(boxShadow, drawn, floats)
            .join('|'),
        );
      }
      for (const child of [...(element.shadowRoot?.children ?? []), ...element.children])
        add(child);
    };
    for (const element of document.querySelectorAll(`.preview ${name}`)) add(element);
    return lines;
  }, tag);

describe('the page of the demo that shows how the elements can look', () => {
  let server: DeskProcess;
  const browsers = new Browsers();

  before(async () => {
    server = await DeskProcess.start();
  });
  afterEach((test) => browsers.close(test));
  after(() => server?.dispose());

  /** Presses the button of a part or property. */
  const press = (page: Frame, tag: string, name: string): Promise<boolean> =>
    page.evaluate(
      (section, text) => {
        const buttons = document.querySelectorAll<HTMLElement>(
          `section[aria-label="${section}"] li > button`,
        );
        const button = [...buttons].find(({ textContent }) => textContent === text);
        button?.click();
        return button !== undefined;
      },
      tag,
      name,
    );

  it('has every part and property of the manifest, and each changes something that is seen', async () => {
    const page = await browsers.person(`${server.url}/demo/theming/?lang=en`, {
      viewport: { width: 1280, height: 900 },
    });
    assert.deepEqual([...settable.keys()].sort(), [
      'agent-desk',
      'call-room',
      'call-test',
      'video-call-button',
    ]);
    await find(page, 'toolbar', 'Call controls');
    await find(page, 'log', 'Conversation');
    await waitUntil('the line of the wait is there', async () =>
      page.evaluate(() =>
        [...document.querySelectorAll('video-call-button')].some(
          ({ shadowRoot }) => shadowRoot?.querySelector('[part=wait]')?.textContent,
        ),
      ),
    );
    for (const [tag, names] of settable) {
      for (const name of names) {
        // What loads late has settled when two looks are the same.
        let before: readonly string[] = [];
        await waitUntil(`${tag} has settled`, async () => {
          const last = before;
          before = await looks(page, tag);
          return last.join() === before.join();
        });
        assert.ok(before.length > 0, `${tag} is not shown`);
        assert.ok(await press(page, tag, name), `${tag} ${name} is not on the page`);
        // Some colours change over a moment.
        await waitUntil(
          `${tag} ${name} changes something that is seen`,
          async () => (await looks(page, tag)).join() !== before.join(),
        );
        await press(page, tag, name);
      }
    }
    assert.deepEqual(browsers.complaints(page), []);
  });

  it('describes each of them in Chinese', async () => {
    const page = await browsers.person(`${server.url}/demo/theming/?lang=zh-CN`);
    await find(page, 'toolbar');
    const texts = await page.evaluate(() =>
      [...document.querySelectorAll('li > p')].map(({ textContent }) => textContent ?? ''),
    );
    assert.equal(texts.length, [...settable.values()].flat().length);
    for (const text of texts) assert.match(text, /^\p{Script=Han}.*。$/u);
  });
});

describe('the guide to theming', () => {
  for (const file of ['docs/theming.md', 'docs/theming.zh-CN.md']) {
    it(`names in ${file} every part and property of the manifest, and no other`, () => {
      const text = readFileSync(file, 'utf8');
      for (const [tag, names] of settable) {
        const section = text.split(`\n## \`<${tag}>\`\n`)[1]?.split('\n## ')[0] ?? '';
        const rows = [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name!);
        assert.deepEqual(rows.sort(), [...names].sort(), tag);
      }
    });
  }
});
