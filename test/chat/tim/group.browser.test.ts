import { expect } from '@open-wc/testing';
import { settle } from '../../support/fake-clock.ts';
import { GROUP, TimWorld } from './tim-world.ts';

describe('TimChat', () => {
  let world: TimWorld;

  beforeEach(() => {
    world = new TimWorld();
  });
  afterEach(() => world.end());

  describe('the group', () => {
    it('is created by the agent under the room’s number, joined by the visitor, and dismissed at the end', async () => {
      const { agent, visitor } = await world.both();
      const group = world.cloud.groups.get(GROUP)!;
      expect(group.type).to.equal('ChatRoom');
      expect([group.owner, ...group.members]).to.deep.equal(['agent-1', 'agent-1', 'visitor-1']);
      visitor.chat.close();
      await settle();
      expect([...group.members]).to.deep.equal(['agent-1']);
      agent.chat.close();
      await settle();
      expect(world.cloud.groups.size).to.equal(0);
    });

    it('is joined later by a visitor who arrives before it exists', async () => {
      const visitor = world.open('visitor-1').online();
      await world.clock.advance(5_000);
      expect(world.cloud.groups.size).to.equal(0);
      world.open('agent-1').online();
      await world.clock.advance(1_000);
      expect([...world.cloud.groups.get(GROUP)!.members]).to.include(visitor.id);
      expect(world.cloud.logins.filter(({ userID }) => userID === visitor.id)).to.have.length(1);
    });

    it('is joined by an agent after a reload, under a new id', async () => {
      await world.both();
      const again = world.open('agent-2').online(['agent-2', 'visitor-1']);
      await settle();
      expect([...world.cloud.groups.get(GROUP)!.members]).to.include('agent-2');
      again.chat.close();
      await settle();
      expect(world.cloud.groups.has(GROUP)).to.equal(true);
    });

    it('is created and joined again if it is dismissed during the call', async () => {
      const { agent, visitor } = await world.both();
      world.cloud.dismiss(GROUP);
      await world.clock.advance(2_000);
      expect([...world.cloud.groups.get(GROUP)!.members]).to.deep.equal(['agent-1', 'visitor-1']);
      agent.chat.sendText('still there?');
      await settle();
      expect(visitor.texts).to.deep.equal(['still there?']);
    });

    it('is created again when a message finds it gone, and the message arrives', async () => {
      const { agent, visitor } = await world.both();
      world.cloud.groups.delete(GROUP);
      agent.chat.sendText('into nothing');
      await settle();
      expect(agent.statuses).to.deep.equal(['sent']);
      expect(world.record.map(({ text }) => text)).to.deep.equal(['into nothing']);
      expect(world.cloud.groups.get(GROUP)!.owner).to.equal('agent-1');
      visitor.chat.sendText('me too');
      await world.clock.advance(2_000);
      expect([...world.cloud.groups.get(GROUP)!.members]).to.include('visitor-1');
    });
  });
});
