import { expect } from '@open-wc/testing';
import type { CallRequest } from '../../../src/call/visitor-call-control.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { VisitorView } from '../../../src/protocol/views.ts';
import { codeOf } from '../../support/error-code.ts';
import { settle, until } from '../../support/fake-clock.ts';
import { CALL_ID, visitorView } from '../../support/fake-views.ts';
import { REQUEST, VisitorWorld } from './visitor-world.ts';

const CHALLENGE = { provider: 'turnstile', siteKey: 'site-key' } as const;

describe('VisitorCall on a site that demands a challenge', () => {
  let world: VisitorWorld;
  beforeEach(() => {
    world = new VisitorWorld();
  });
  afterEach(() => world.end());

  /** A visitor whose desk takes the answer `right` only. */
  function guarded() {
    const visitor = world.visitor();
    const { server } = visitor.fake;
    const view = visitorView(null);
    server.view = { ...view, site: { ...view.site, challenge: CHALLENGE } };
    server.on('request-call', (command) => {
      if (!('challenge' in command) || command.challenge !== 'right') {
        throw new RtcDeskError('challenge-required');
      }
      server.show(visitorView({ position: 2 }));
      return { callId: CALL_ID };
    });
    let answer: (given: string | null) => void = () => {};
    const asked: (VisitorView | null)[] = [];
    const request: CallRequest = {
      ...REQUEST,
      answer: (code, desk) => {
        expect(code).to.equal('challenge-required');
        asked.push(desk.getSnapshot().view);
        return new Promise((resolve) => {
          answer = (given) => resolve(given === null ? null : { challenge: given });
        });
      },
    };
    const shown = (times = 1) => until(() => asked.length === times);
    return { ...visitor, request, asked, shown, answer: (given: string | null) => answer(given) };
  }

  it('asks for its answer, and sends the same request with it', async () => {
    const { call, fake, request, snapshot, asked, shown, answer } = guarded();
    const started = call.start(request);
    await shown();
    expect(snapshot()).to.include({ state: 'queued', callId: null });
    expect(asked[0]?.site.challenge).to.deep.equal(CHALLENGE);
    answer('right');
    await started;
    await settle();
    expect(snapshot()).to.include({ state: 'queued', position: 2 });
    const [first, second] = fake.server.sent('request-call');
    expect(second).to.deep.equal({ ...first, id: second!.id, challenge: 'right' });
    expect(fake.server.opened).to.equal(1);
  });

  for (const given of [null, 'wrong']) {
    it(`fails with challenge-required if the answer is ${given}, and can be tried again`, async () => {
      const { call, fake, request, snapshot, shown, answer } = guarded();
      const started = codeOf(call.start(request));
      await shown();
      answer(given);
      expect(await started).to.equal('challenge-required');
      expect(snapshot()).to.include({ state: 'failed', error: 'challenge-required' });
      expect(fake.leftovers).to.deep.equal([]);
      const again = call.start(request);
      await shown(2);
      answer('right');
      await again;
      expect(snapshot().callId).to.equal(CALL_ID);
    });
  }

  it('is cancelled while it waits for the answer', async () => {
    const { call, fake, request, snapshot, shown, answer } = guarded();
    const started = call.start(request);
    await shown();
    await call.hangUp();
    expect(snapshot().state).to.equal('ended');
    answer(null);
    await started;
    expect(snapshot()).to.include({ state: 'ended', error: null });
    expect(fake.server.sent('request-call')).to.have.length(1);
    expect(fake.leftovers).to.deep.equal([]);
  });
});
