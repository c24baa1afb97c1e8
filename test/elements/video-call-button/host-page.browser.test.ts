import { expect, waitUntil } from '@open-wc/testing';
import { resumeKey } from '../../../src/call/resume-key.ts';
import { mountButton, type Mounted } from './mount-button.ts';

const HOSTILE = `
  * { all: unset !important; color: red !important; font: 40px/3 fantasy !important;
      letter-spacing: 9px !important; text-transform: uppercase !important; }
  button { position: absolute !important; width: 1px !important; }
  dialog { display: none !important; }`;

/** The visible style of an element, without its place. */
function look(element: Element): Record<string, string> {
  const { color, font, letterSpacing, textTransform, display, width, height } =
    getComputedStyle(element);
  return { color, font, letterSpacing, textTransform, display, width, height };
}

async function looks(mounted: Mounted): Promise<Record<string, string>[]> {
  const button = mounted.button.renderRoot.querySelector('button')!;
  const before = look(button);
  mounted.press();
  await mounted.settled();
  return [before, look(mounted.find('h2')), look(mounted.control('Cancel'))];
}

describe('video-call-button on somebody’s page', () => {
  it('looks the same whatever the styles of the page say', async () => {
    const calm = await looks(await mountButton({ theme: 'light' }));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(HOSTILE);
    document.adoptedStyleSheets.push(sheet);
    try {
      const mounted = await mountButton({ theme: 'light', site: 'another' });
      expect(await looks(mounted)).to.deep.equal(calm);
    } finally {
      document.adoptedStyleSheets.splice(document.adoptedStyleSheets.indexOf(sheet), 1);
    }
  });

  it('fills the size that the page gives it, else it is as large as its text', async () => {
    const { button } = await mountButton();
    const inside = button.renderRoot.querySelector('button')!;
    const own = inside.getBoundingClientRect();
    expect(own.height).to.equal(48);
    expect(own.width).to.be.within(100, 200);
    button.style.minInlineSize = '300px';
    button.style.minBlockSize = '48px';
    for (const element of [button, inside]) {
      const { width, height } = element.getBoundingClientRect();
      expect([width, height]).to.deep.equal([300, 48]);
    }
  });

  it('wraps a long label within a narrow page', async () => {
    const place = document.createElement('div');
    place.style.inlineSize = '200px';
    document.body.append(place);
    try {
      const { button } = await mountButton({
        label: 'Kraftfahrzeughaftpflichtversicherungsberatung',
      });
      place.append(button);
      expect(button.getBoundingClientRect().width).to.be.at.most(200);
      const inside = button.renderRoot.querySelector('button')!;
      expect(inside.scrollWidth).to.be.at.most(inside.clientWidth);
    } finally {
      place.remove();
    }
  });

  it('shows the icon and the label that the page puts in, and its own where there is none', async () => {
    const { button } = await mountButton();
    const inside = button.renderRoot.querySelector('button')!;
    const camera = button.renderRoot.querySelector('svg')!;
    const width = () => camera.getBoundingClientRect().width;
    expect(width()).to.equal(24);
    button.innerHTML = `<svg slot="icon" viewBox="0 0 8 8" fill="none"></svg><b slot="label">Show <i>us</i></b>`;
    const [icon, label] = button.children as unknown as [SVGElement, HTMLElement];
    expect(width()).to.equal(0);
    expect(icon.getBoundingClientRect().width).to.equal(24);
    expect(getComputedStyle(icon).fill).to.equal('none');
    expect(label.getBoundingClientRect().width).to.be.above(50);
    expect(inside.getBoundingClientRect().height).to.equal(48);
    await expect(button).to.be.accessible();
    button.replaceChildren(document.createTextNode('not shown'));
    expect(width()).to.equal(24);
  });

  it('follows the page’s language when it is set later, also after it was removed and inserted', async () => {
    const { button } = await mountButton({ lang: '' });
    const { lang } = document.documentElement;
    const says = (text: string) =>
      waitUntil(() => button.renderRoot.querySelector('button')!.textContent === text, text);
    try {
      document.documentElement.lang = 'zh-CN';
      await says('视频通话');
      button.parentElement!.append(button);
      document.documentElement.lang = 'en';
      await says('Video call');
    } finally {
      document.documentElement.lang = lang;
    }
  });

  it('keeps all of its own styles', async () => {
    await mountButton();
    const probe = document.createElement('button');
    document.body.append(probe);
    expect(getComputedStyle(probe).minBlockSize).not.to.equal('48px');
    probe.remove();
  });

  it('leaves nothing in storage before the press', async () => {
    await mountButton();
    expect(localStorage.getItem(resumeKey(`${location.origin}/`, 'demo'))).to.equal(null);
  });
});
