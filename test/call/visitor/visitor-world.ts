import { expect } from '@open-wc/testing';
import { ResumeStore } from '../../../src/call/visitor/resume-store.ts';
import { browserPlatform } from '../../../src/platform/browser.ts';
import type { CallRequest } from '../../../src/call/visitor-call-control.ts';
import { VisitorCall } from '../../../src/call/visitor/call.ts';
import type { VisitorCallView } from '../../../src/protocol/views.ts';
import { FakeCall } from '../../support/fake-call.ts';
import { settle } from '../../support/fake-clock.ts';
import { CALL_ID, room, ticket, visitorView } from '../../support/fake-views.ts';
import { forgetStorage } from '../../support/forget-storage.ts';

const SERVER = 'https://desk.example.com';

export const REQUEST: CallRequest = {
  skill: 'after-sales',
  name: 'Vera',
  params: { a: 'b' },
  language: 'en',
};
export const READY = {
  state: 'ready',
  rooms: [room(['agent-1'], { ticket: ticket('visitor-1') })],
} as const;
export const CONNECTED = {
  state: 'connected',
  agentName: 'Alice',
  connectedAt: 1_800_000_001_000,
  rooms: [room(['agent-1', 'visitor-1'], { ticket: ticket('visitor-1') })],
} as const;

/** The visitors of a site that belongs to this test alone: other tests run at the same time and share its storage. */
export class VisitorWorld {
  readonly #site = `site-${crypto.randomUUID()}`;
  /** What the site's pages store. */
  readonly store = new ResumeStore(browserPlatform, SERVER, this.#site);
  readonly #visitors: { fake: FakeCall; call: VisitorCall }[] = [];

  /** A visitor's page. A request gets the second place in the queue. */
  visitor(...options: ConstructorParameters<typeof FakeCall>) {
    const fake = new FakeCall(...options);
    const { server } = fake;
    server.on('request-call', () => {
      server.show(visitorView({ position: 2 }));
      return { callId: CALL_ID };
    });
    server.view = visitorView(null);
    const call = new VisitorCall({ server: SERVER, site: this.#site }, fake.parts);
    this.#visitors.push({ fake, call });
    const show = async (view: Partial<VisitorCallView> | null) => {
      server.show(visitorView(view));
      await settle();
    };
    /** From the request to the connected call. */
    const connect = async () => {
      await call.start(REQUEST);
      await show({ state: 'ringing' });
      await show(READY);
      await show(CONNECTED);
    };
    return { fake, call, snapshot: () => call.getSnapshot(), show, connect };
  }

  /** Everybody hangs up. Nothing may be left of them. */
  async end(): Promise<void> {
    for (const { fake, call } of this.#visitors) {
      void call.hangUp();
      await fake.clock.advance(70_000);
      expect(fake.leftovers).to.deep.equal([]);
    }
    forgetStorage(`rtc-desk:resume:${SERVER}/:${this.#site}`);
  }
}
