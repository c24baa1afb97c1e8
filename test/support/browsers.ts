import type { SuiteContext, TestContext } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { BrowserProfile, type ProfileOptions } from './browser-profile.ts';
import { textOf } from './people.ts';

export interface PersonOptions extends ProfileOptions {
  readonly viewport?: { width: number; height: number };
}

/** Of a page's text, in characters. */
const TOLD = 1_000;

/** Everybody of a test, each in a browser of their own; all are closed together. */
export class Browsers {
  readonly #profiles: BrowserProfile[] = [];

  /** `everybody`: what holds for each of them, where nothing else is said. */
  constructor(private readonly everybody: PersonOptions = {}) {}

  /** Somebody who has opened this address. */
  async person(url: string, options: PersonOptions = {}): Promise<Frame> {
    const { viewport, ...profile } = { ...this.everybody, ...options };
    const opened = await BrowserProfile.open(profile);
    this.#profiles.push(opened);
    return (await opened.openPage(url, viewport)).mainFrame();
  }

  /** An agent's desk on the server at `url`; nobody is signed in. */
  desk(url: string, options?: PersonOptions): Promise<Frame> {
    return this.person(`${url}/desk?lang=en`, options);
  }

  /** A visitor on the demo's page that has the button, with a meter that is out of order. */
  visitor(url: string, options?: PersonOptions): Promise<Frame> {
    return this.person(`${url}/demo/site/?lang=en&device=METER-0042&fault=no-power`, options);
  }

  /** A further tab of somebody. */
  async tab(person: Frame, url: string): Promise<Frame> {
    return (await this.#profileOf(person).openPage(url)).mainFrame();
  }

  /** What anything in somebody's browser has complained of. */
  complaints(person: Frame): readonly string[] {
    return this.#profileOf(person).complaints;
  }

  /** For `afterEach`: after a test that failed, prints what each of them has before their eyes, and complained of. */
  async tell(test: SuiteContext | TestContext): Promise<void> {
    // @types/node does not know it of Node 20 yet.
    const { passed } = test as { readonly passed?: boolean };
    if (passed !== false || !('diagnostic' in test)) return;
    for (const { browser, complaints } of this.#profiles) {
      for (const page of await browser.pages()) {
        for (const frame of page.frames().filter((one) => one.url() !== 'about:blank')) {
          const text = await textOf(frame).catch(String);
          test.diagnostic(`${frame.url()} shows: ${text.replace(/\s+/g, ' ').slice(0, TOLD)}`);
        }
      }
      for (const complaint of complaints) test.diagnostic(complaint.slice(0, TOLD));
    }
  }

  /** As an `afterEach`, with its test, tells of that first. */
  async close(test?: SuiteContext | TestContext): Promise<void> {
    if (test) await this.tell(test);
    await Promise.all(this.#profiles.splice(0).map((profile) => profile.close()));
  }

  #profileOf(person: Frame): BrowserProfile {
    const browser = person.page().browser();
    const profile = this.#profiles.find((one) => one.browser === browser);
    if (!profile) throw new Error('nobody of this test');
    return profile;
  }
}
