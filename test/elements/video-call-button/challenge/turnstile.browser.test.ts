import { expect, waitUntil } from '@open-wc/testing';
import type { TurnstileApi } from '../../../../src/elements/video-call-button/challenge/turnstile.ts';
import type { VisitorView } from '../../../../src/protocol/views.ts';
import { Store } from '../../../../src/snapshot/store.ts';
import { visitorView } from '../../../support/fake-views.ts';
import { mountButton } from '../mount-button.ts';

const CHALLENGE = { provider: 'turnstile', siteKey: 'site-key' } as const;
const page = window as { turnstile?: TurnstileApi };

type Options = Parameters<TurnstileApi['render']>[1];

/** A stand-in for Cloudflare's script, as its documents describe it. Each widget is a box in its place. */
class TurnstileStandIn implements TurnstileApi {
  readonly widgets = new Map<string, { readonly place: HTMLElement; readonly options: Options }>();

  render(place: HTMLElement, options: Options): string {
    const id = `cf-chl-widget-${this.widgets.size}`;
    const box = document.createElement('button');
    box.id = id;
    box.textContent = 'Verify you are human';
    place.append(box);
    // The script looks for its elements in the document.
    if (document.getElementById(id) !== box) throw new Error(`Cannot find ${id}.`);
    this.widgets.set(id, { place, options });
    return id;
  }

  remove(id: string): void {
    this.widgets.get(id)?.place.replaceChildren();
    this.widgets.delete(id);
  }
}

describe('the challenge of Turnstile in the panel', () => {
  let turnstile: TurnstileStandIn;
  beforeEach(() => {
    page.turnstile = turnstile = new TurnstileStandIn();
  });
  afterEach(() => {
    delete page.turnstile;
  });

  /** A button whose desk demands an answer. `answers` gets it. */
  async function challenged(attributes: Record<string, string> = {}) {
    const mounted = await mountButton(attributes);
    mounted.press();
    await mounted.settled();
    const answers: (string | null)[] = [];
    const view = visitorView(null);
    const desk = new Store<{ view: VisitorView | null }>({ view: null });
    void mounted.call.request!.answer!('challenge-required', desk).then((given) =>
      answers.push(given?.challenge ?? null),
    );
    // The view may come after the refusal.
    desk.update({ view: { ...view, site: { ...view.site, challenge: CHALLENGE } } });
    await waitUntil(() => turnstile.widgets.size === 1, 'no widget');
    await mounted.settled();
    return { ...mounted, answers };
  }
  const options = () => [...turnstile.widgets.values()][0]!.options;

  it('is shown with the site’s key, the button’s language and its theme, and can be seen and used', async () => {
    const { answers, find } = await challenged({ lang: 'zh-CN', theme: 'dark' });
    expect(options()).to.include({ sitekey: 'site-key', language: 'zh-CN', theme: 'dark' });
    const box = document.getElementById('cf-chl-widget-0')!;
    expect(box.checkVisibility()).to.equal(true);
    const around = find('dialog.window').getBoundingClientRect();
    const { left, top, width, height } = box.getBoundingClientRect();
    expect(left >= around.left && top >= around.top).to.equal(true);
    expect(document.elementFromPoint(left + width / 2, top + height / 2)).to.equal(box);
    options().callback('token');
    await waitUntil(() => answers.includes('token'));
  });

  it('leaves nothing on the page afterwards', async () => {
    const mounted = await challenged();
    options().callback('token');
    await waitUntil(() => turnstile.widgets.size === 0, 'the widget stays');
    await waitUntil(() => mounted.button.children.length === 0, 'its place stays');
    expect(mounted.panel().children.length).to.equal(0);
  });

  const failures: Record<string, (given: Options) => unknown> = {
    'is not answered in time': (given) => given['timeout-callback'](),
    fails: (given) => given['error-callback']('300030'),
    'does not know the browser': (given) => given['unsupported-callback'](),
  };
  for (const [what, fail] of Object.entries(failures)) {
    it(`makes the call fail if it ${what}, and tells the console why`, async () => {
      const told: unknown[] = [];
      const { error } = console;
      console.error = (...words) => void told.push(words.join(' '));
      try {
        const { answers } = await challenged();
        fail(options());
        await waitUntil(() => answers.includes(null));
      } finally {
        console.error = error;
      }
      expect(told.join()).to.contain('Turnstile');
    });
  }

  it('goes when the visitor cancels, and answers nothing then', async () => {
    const { answers, call, button } = await challenged();
    const late = options();
    await call.hangUp();
    await waitUntil(() => turnstile.widgets.size === 0, 'the widget stays');
    late.callback('token');
    await waitUntil(() => button.children.length === 0, 'its place stays');
    expect(answers).to.deep.equal([null]);
  });
});
