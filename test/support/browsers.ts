import type { SuiteContext, TestContext } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { BrowserProfile, type ProfileOptions } from './browser-profile.ts';
import { textOf } from './page-actions.ts';

export interface PersonOptions extends ProfileOptions {
  readonly viewport?: { width: number; height: number };
}

/** How much of a page's text is printed, in characters. */
const MAX_TEXT_CHARACTERS = 1_000;

/** The people of a test, each in their own browser. All are closed together. */
export class Browsers {
  readonly #profiles: BrowserProfile[] = [];

  /** `defaults`: the options of every person, unless they are given other ones. */
  constructor(private readonly defaults: PersonOptions = {}) {}

  /** A person who has opened this address. */
  async person(url: string, options: PersonOptions = {}): Promise<Frame> {
    const { viewport, ...profile } = { ...this.defaults, ...options };
    const opened = await BrowserProfile.open(profile);
    this.#profiles.push(opened);
    return (await opened.openPage(url, viewport)).mainFrame();
  }

  /** The desk page of a site (default: the demo's) of the server at `url`; nobody is signed in. */
  desk(url: string, options?: PersonOptions, site = 'demo'): Promise<Frame> {
    return this.person(`${url}/desk/${site}?lang=en`, options);
  }

  /** A visitor on the demo page with the button, whose meter has no power. */
  visitor(url: string, options?: PersonOptions): Promise<Frame> {
    return this.person(`${url}/demo/site/?lang=en&device=METER-0042&fault=no-power`, options);
  }

  /** A further tab of this person. */
  async tab(person: Frame, url: string): Promise<Frame> {
    return (await this.#profileOf(person).openPage(url)).mainFrame();
  }

  /** Console warnings, console errors and uncaught exceptions of this person's browser. */
  complaints(person: Frame): readonly string[] {
    return this.#profileOf(person).complaints;
  }

  /** For `afterEach`: after a test that failed, prints what each page shows, and the complaints of each browser. */
  async report(test: SuiteContext | TestContext): Promise<void> {
    // @types/node lacks this field of Node 20.
    const { passed } = test as { readonly passed?: boolean };
    if (passed !== false || !('diagnostic' in test)) return;
    for (const { browser, complaints } of this.#profiles) {
      for (const page of await browser.pages()) {
        for (const frame of page.frames().filter((one) => one.url() !== 'about:blank')) {
          const text = await textOf(frame).catch(String);
          test.diagnostic(
            `${frame.url()} shows: ${text.replace(/\s+/g, ' ').slice(0, MAX_TEXT_CHARACTERS)}`,
          );
        }
      }
      for (const complaint of complaints) test.diagnostic(complaint.slice(0, MAX_TEXT_CHARACTERS));
    }
  }

  /** Ends this person's browser as a crash does. */
  async kill(person: Frame): Promise<void> {
    const profile = this.#profileOf(person);
    this.#profiles.splice(this.#profiles.indexOf(profile), 1);
    await profile.kill();
  }

  /** Closes all browsers. With the test of an `afterEach`, reports on the test first. */
  async close(test?: SuiteContext | TestContext): Promise<void> {
    if (test) await this.report(test);
    await Promise.all(this.#profiles.splice(0).map((profile) => profile.close()));
  }

  #profileOf(person: Frame): BrowserProfile {
    const browser = person.page().browser();
    const profile = this.#profiles.find((one) => one.browser === browser);
    if (!profile) throw new Error('this person is in no browser of this test');
    return profile;
  }
}
