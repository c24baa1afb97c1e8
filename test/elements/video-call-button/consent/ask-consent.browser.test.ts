import { expect, waitUntil } from '@open-wc/testing';
import type { RequestAnswers } from '../../../../src/call/visitor-call-control.ts';
import type { ConsentQuestion } from '../../../../src/elements/video-call-button/consent/consent-question.ts';
import { VideoCallButton } from '../../../../src/elements/video-call-button/video-call-button.ts';
import type { ConsentView, VisitorView } from '../../../../src/protocol/visitor-view.ts';
import { Store } from '../../../../src/snapshot/store.ts';
import { visitorView } from '../../../support/fake-views.ts';
import { mountButton } from '../mount-button.ts';

const CONSENT: ConsentView = {
  version: 'a'.repeat(64),
  text: { en: 'We talk by video.\nNobody records it.', 'zh-CN': '我们将视频通话。' },
  link: 'https://shop.example/privacy',
};

describe('the consent before a call', () => {
  const forget = () => {
    for (const key of Object.keys(localStorage)) {
      if (key.endsWith(':agreed')) localStorage.removeItem(key);
    }
  };
  beforeEach(forget);
  afterEach(forget);

  /** A button whose desk demands a consent. `answers` gets what is sent. */
  async function asked(consent = CONSENT, attributes: Record<string, string> = {}) {
    // A site has one call on a page.
    VideoCallButton.calls.clear();
    document.querySelector('video-call-button')?.remove();
    const mounted = await mountButton(attributes);
    mounted.press();
    await mounted.settled();
    const answers: (RequestAnswers | null)[] = [];
    const view = visitorView(null);
    const desk = new Store<{ view: VisitorView | null }>({ view: null });
    void mounted.call.request!.answer!('consent-required', desk).then((given) =>
      answers.push(given),
    );
    // The view may come after the refusal.
    desk.update({ view: { ...view, site: { ...view.site, consent } } });
    const question = () => mounted.panel().querySelector<ConsentQuestion>('rtc-consent-question');
    const shown = async (): Promise<ConsentQuestion> => {
      await waitUntil(() => question()?.shadowRoot?.querySelector('button'), 'no question', {
        timeout: 15_000,
      });
      return question()!;
    };
    return { ...mounted, answers, question, shown };
  }
  const press = (question: ConsentQuestion, name: string) => {
    const all = [...question.renderRoot.querySelectorAll('button')];
    all.find(({ textContent }) => textContent.trim() === name)!.click();
  };

  it('is asked alone in the panel, with text and link, by keyboard and accessible', async () => {
    const { shown, find, dialog } = await asked();
    const question = await shown();
    await expect(question).to.be.accessible();
    expect(question.renderRoot.querySelector('.text')!.textContent).to.equal(CONSENT.text['en']);
    expect(question.renderRoot.querySelector('a')!.href).to.equal(CONSENT.link);
    expect(question.renderRoot.querySelector('a')!.rel).to.contain('noopener');
    expect(question.shadowRoot!.activeElement?.localName).to.equal('h3');
    expect(find('.mirror').checkVisibility()).to.equal(false);
    expect(find('.place').checkVisibility()).to.equal(false);
    const box = question.getBoundingClientRect();
    const around = dialog().getBoundingClientRect();
    expect(box.left >= around.left && box.right <= around.right).to.equal(true);
  });

  it('is sent when the visitor agrees, and kept for the next call', async () => {
    const first = await asked();
    press(await first.shown(), 'I agree');
    await waitUntil(() => first.answers.length === 1);
    const { version } = CONSENT;
    expect(first.answers).to.deep.equal([{ consent: { version, agreed: true } }]);
    await waitUntil(() => first.question() === null, 'the question stays');
    expect(first.find('.mirror').checkVisibility()).to.equal(true);
    const second = await asked();
    await waitUntil(() => second.answers.length === 1);
    const { consent } = second.answers[0]!;
    expect(consent).to.include({ version, agreed: true });
    expect(consent!.since).to.be.closeTo(Date.now(), 60_000);
    expect(second.question()).to.equal(null);
  });

  it('is asked again for another text', async () => {
    const first = await asked();
    press(await first.shown(), 'I agree');
    await waitUntil(() => first.answers.length === 1);
    const second = await asked({ ...CONSENT, version: 'b'.repeat(64) });
    await second.shown();
    expect(second.answers).to.deep.equal([]);
  });

  it('is refused without being kept', async () => {
    const first = await asked();
    press(await first.shown(), 'I don’t agree');
    await waitUntil(() => first.answers.length === 1);
    expect(first.answers[0]?.consent).to.deep.equal({ version: CONSENT.version, agreed: false });
    const second = await asked();
    await second.shown();
  });

  it('shows a text of another language where its own is missing, marked as such', async () => {
    const only = { ...CONSENT, text: { 'zh-CN': '我们将视频通话。' }, link: null };
    const { shown } = await asked(only);
    const text = (await shown()).renderRoot.querySelector<HTMLElement>('.text')!;
    expect(text.lang).to.equal('zh-CN');
    expect((await shown()).renderRoot.querySelector('a')).to.equal(null);
  });

  it('is asked in the language of the button', async () => {
    const { shown } = await asked(CONSENT, { lang: 'zh-CN' });
    const text = (await shown()).renderRoot.querySelector<HTMLElement>('.text')!;
    await waitUntil(() => text.textContent === CONSENT.text['zh-CN'], 'the text in Chinese', {
      timeout: 15_000,
    });
    expect(text.lang).to.equal('zh-CN');
  });

  it('makes no element of what the site wrote', async () => {
    const { shown } = await asked({ ...CONSENT, text: { en: '<img src=x onerror=alert(1)>' } });
    expect((await shown()).renderRoot.querySelector('img')).to.equal(null);
  });

  it('goes when the visitor cancels, and answers nothing then', async () => {
    const { shown, call, question, answers } = await asked();
    await shown();
    await call.hangUp();
    await waitUntil(() => question() === null, 'the question stays');
    await waitUntil(() => answers.length === 1);
    expect(answers).to.deep.equal([null]);
  });
});
