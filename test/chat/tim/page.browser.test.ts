import { expect } from '@open-wc/testing';
import { settle } from '../../support/fake-clock.ts';
import { APP, GROUP, TimWorld } from './tim-world.ts';

describe('TimChat', () => {
  let world: TimWorld;

  beforeEach(() => {
    world = new TimWorld();
  });
  afterEach(() => world.end());

  describe('one page', () => {
    it('with two rooms signs in for the second when the first has ended', async () => {
      const page = world.cloud.page();
      const first = world.open('agent-1', page).online();
      const second = world.open('agent-2', page, 4712).online(['agent-2']);
      await settle();
      expect(world.cloud.logins.map(({ userID }) => userID)).to.deep.equal(['agent-1']);
      second.chat.sendText('the desk carries this');
      await settle();
      expect(second.statuses).to.deep.equal(['sent']);
      first.chat.close();
      await settle();
      expect(world.cloud.groups.has(GROUP)).to.equal(false);
      expect([...world.cloud.groups.get('4712')!.members]).to.deep.equal(['agent-2']);
    });

    it('can enter again after leaving, under another id', async () => {
      const page = world.cloud.page();
      for (const id of ['agent-1', 'agent-2', 'agent-3']) {
        const person = world.open(id, page).online();
        await settle();
        expect([...world.cloud.groups.get(GROUP)!.members]).to.deep.equal([id]);
        person.chat.close();
        await settle();
      }
    });

    it('whose SDK is still signed in as somebody else sends nothing under that name, and signs in again', async () => {
      const page = world.cloud.page();
      const left = page.create({ SDKAppID: APP });
      await left.login({ userID: 'somebody', userSig: 'left' });
      const agent = world.open('agent-1', page).online();
      agent.chat.sendText('hello');
      await settle();
      expect(world.cloud.clients.size).to.equal(0);
      expect(world.cloud.groups.size).to.equal(0);
      await world.clock.advance(2_000);
      expect([...world.cloud.clients.keys()]).to.deep.equal(['agent-1']);
      expect(world.cloud.groups.get(GROUP)!.owner).to.equal('agent-1');
    });

    it('removes what the SDK stored about this person', async () => {
      const { agent } = await world.both();
      const own = `TIM_${APP}_agent-1_groupMap`;
      const foreign = `TIM_${APP}_somebody_groupMap`;
      for (const key of [own, foreign]) localStorage.setItem(key, '{}');
      agent.chat.close();
      await settle();
      expect(localStorage.getItem(own)).to.equal(null);
      expect(localStorage.getItem(foreign)).to.equal('{}');
      localStorage.removeItem(foreign);
    });
  });
});
