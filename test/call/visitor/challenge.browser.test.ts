import { expect } from '@open-wc/testing';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
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
    const shown = () => until(() => visitor.snapshot().challenge !== null);
    return { ...visitor, shown };
  }

  it('shows it, and sends the same request with its answer', async () => {
    const { call, fake, snapshot, shown } = guarded();
    const started = call.start(REQUEST);
    await shown();
    expect(snapshot()).to.deep.include({ state: 'queued', challenge: CHALLENGE, callId: null });
    call.answerChallenge('right');
    await started;
    await settle();
    expect(snapshot()).to.include({ state: 'queued', challenge: null, position: 2 });
    const [first, second] = fake.server.sent('request-call');
    expect(second).to.deep.equal({ ...first, id: second!.id, challenge: 'right' });
    expect(fake.server.opened).to.equal(1);
  });

  for (const answer of [null, 'wrong']) {
    it(`fails with challenge-required where the answer is ${answer}, and can be tried again`, async () => {
      const { call, fake, snapshot, shown } = guarded();
      const started = codeOf(call.start(REQUEST));
      await shown();
      call.answerChallenge(answer);
      expect(await started).to.equal('challenge-required');
      expect(snapshot()).to.include({ state: 'failed', error: 'challenge-required' });
      expect(fake.leftovers).to.deep.equal([]);
      const again = call.start(REQUEST);
      await shown();
      call.answerChallenge('right');
      await again;
      expect(snapshot().callId).to.equal(CALL_ID);
    });
  }

  it('is cancelled while it is shown', async () => {
    const { call, fake, snapshot, shown } = guarded();
    const started = call.start(REQUEST);
    await shown();
    await call.hangUp();
    await started;
    expect(snapshot()).to.include({ state: 'ended', challenge: null });
    call.answerChallenge('right');
    await settle();
    expect(fake.server.sent('request-call')).to.have.length(1);
    expect(fake.leftovers).to.deep.equal([]);
  });
});
