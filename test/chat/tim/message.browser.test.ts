import { expect } from '@open-wc/testing';
import { settle } from '../../support/fake-clock.ts';
import { message, participant, room } from '../../support/fake-views.ts';
import { GROUP, TimWorld } from './tim-world.ts';

const ID = '11111111-2222-4333-8444-555555555555';

describe('TimChat', () => {
  let world: TimWorld;

  beforeEach(() => {
    world = new TimWorld();
  });
  afterEach(() => world.end());

  describe('a message', () => {
    it('goes over the line and into the record, under one id, and is shown once', async () => {
      const { agent, visitor } = await world.both();
      agent.chat.sendText('hello 👋');
      await settle();
      expect(agent.statuses).to.deep.equal(['sent']);
      expect(visitor.texts).to.deep.equal(['hello 👋']);
      const [entry] = visitor.chat.getSnapshot().entries;
      expect(entry).to.include({ from: 'agent-1', name: 'Alice', role: 'agent', mine: false });
      expect(entry!.id).to.equal(world.record[0]!.id);
      visitor.receive(...world.record);
      expect(visitor.texts).to.deep.equal(['hello 👋']);
      expect(visitor.chat.getSnapshot().entries[0]!.sentAt).to.equal(world.record[0]!.sentAt);
    });

    it('reaches the other while signaling is away, and the record when it is back', async () => {
      const { agent, visitor } = await world.both();
      let back = () => {};
      agent.server.gate = new Promise((resolve) => (back = resolve));
      agent.chat.handleConnection(false);
      for (const text of ['one', 'two', 'three']) agent.chat.sendText(text);
      await settle();
      expect(visitor.texts).to.deep.equal(['one', 'two', 'three']);
      expect(agent.statuses).to.deep.equal(['pending', 'pending', 'pending']);
      expect(agent.chat.getSnapshot().state).to.equal('ready');
      expect(world.record).to.deep.equal([]);
      back();
      agent.chat.handleConnection(true);
      await settle();
      expect(agent.statuses).to.deep.equal(['sent', 'sent', 'sent']);
      visitor.receive(...world.record);
      expect(visitor.texts).to.deep.equal(['one', 'two', 'three']);
    });

    it('reaches the other through the desk where the cloud is silent, within the deadline', async () => {
      const { agent, visitor } = await world.both();
      world.cloud.silent.add('sendMessage');
      agent.chat.sendText('slow');
      agent.chat.sendText('not slower');
      await world.clock.advance(7_999);
      expect(world.record).to.deep.equal([]);
      await world.clock.advance(1);
      expect(world.record.map(({ text }) => text)).to.deep.equal(['slow', 'not slower']);
      visitor.receive(...world.record);
      expect(visitor.texts).to.deep.equal(['slow', 'not slower']);
      world.cloud.silent.clear();
      await world.clock.advance(10_000);
      agent.chat.sendText('and again');
      await settle();
      expect(visitor.texts).to.deep.equal(['slow', 'not slower', 'and again']);
    });

    it('is kept and shown though it is more than the cloud takes', async () => {
      const { agent } = await world.both();
      agent.chat.sendText('界'.repeat(4_000));
      agent.chat.sendText('short');
      await settle();
      expect(agent.statuses).to.deep.equal(['sent', 'sent']);
      expect(world.record).to.have.length(2);
    });

    it('stands in the order of the record, however the line brought it', async () => {
      const { agent, visitor } = await world.both();
      agent.chat.handleConnection(false);
      agent.server.gate = new Promise(() => {});
      agent.chat.sendText('over the line');
      await settle();
      const mine = message(1, 'visitor-1', 'recorded first', ID);
      visitor.receive(mine);
      expect(visitor.texts).to.deep.equal(['recorded first', 'over the line']);
    });

    it('that the application’s moderation refuses is not kept, says so, and can be sent again', async () => {
      const { agent, visitor } = await world.both();
      world.cloud.refuse('sendMessage', 80001);
      agent.chat.sendText('something bad');
      agent.chat.sendText('something good');
      await settle();
      const failed = agent.chat.getSnapshot().entries.find(({ status }) => status === 'failed')!;
      expect(failed).to.include({ text: 'something bad', error: 'forbidden' });
      expect(world.record.map(({ text }) => text)).to.deep.equal(['something good']);
      expect(visitor.texts).to.deep.equal(['something good']);
      agent.chat.retry(failed.id);
      await settle();
      expect(world.record.map(({ text }) => text)).to.deep.equal([
        'something good',
        'something bad',
      ]);
    });

    it('of nobody in the room, or without our label, or too long, is not shown', async () => {
      const { agent, visitor } = await world.both();
      const label = JSON.stringify({ id: ID });
      const say = (from: string, text: string, cloudCustomData = label) =>
        world.client(visitor).emit('onMessageReceived', [
          {
            ...{ type: 'TIMTextElem', payload: { text }, from, time: 1_800_000_000 },
            ...{ conversationID: `GROUP${GROUP}`, cloudCustomData },
          },
        ]);
      say('intruder', 'buy this');
      say('agent-1', 'no label', '');
      say('agent-1', 'a label of somebody else', '{"id":7}');
      say('agent-1', 'not even JSON', '{');
      say('agent-1', 'x'.repeat(4_001));
      world
        .client(visitor)
        .emit('onMessageReceived', [
          { type: 'TIMCustomElem', from: 'agent-1', conversationID: 'C2Cagent-1', payload: {} },
        ]);
      expect(visitor.texts).to.deep.equal([]);
      visitor.chat.handleRoom({
        ...room(['agent-1', 'visitor-1']),
        participants: [participant('agent-1'), participant('intruder', { name: 'Ivy' })],
      });
      expect(visitor.texts).to.deep.equal(['buy this']);
      expect(agent.texts).to.deep.equal([]);
    });

    it('is counted as unread once, and not again when the record brings what was read', async () => {
      const { agent, visitor } = await world.both();
      agent.server.gate = new Promise(() => {});
      agent.chat.sendText('hello');
      await settle();
      expect(visitor.chat.getSnapshot().unread).to.equal(1);
      visitor.chat.markRead();
      expect(visitor.chat.getSnapshot().unread).to.equal(0);
      const { id } = visitor.chat.getSnapshot().entries[0]!;
      visitor.receive(message(1, 'agent-1', 'hello', id));
      expect(visitor.chat.getSnapshot().unread).to.equal(0);
      await settle();
      expect(visitor.server.reads).to.deep.equal([1]);
    });
  });

  describe('marks', () => {
    it('of typing and of reading come over the line, and are not kept there', async () => {
      const { agent, visitor } = await world.both();
      agent.chat.notifyTyping();
      await settle();
      expect(visitor.chat.getSnapshot().typing).to.deep.equal(['Alice']);
      expect(agent.server.typings).to.equal(1);
      agent.chat.sendText('read this');
      await settle();
      visitor.receive(...world.record);
      visitor.chat.markRead();
      await settle();
      expect(agent.statuses).to.deep.equal(['seen']);
      expect(visitor.server.reads).to.deep.equal([1]);
      expect(world.cloud.kept).to.have.length(1);
    });

    it('of reading that say nonsense change nothing', async () => {
      const { agent, visitor } = await world.both();
      agent.chat.sendText('read this');
      await settle();
      for (const data of ['{"notice":"read","sequence":-1}', '{"notice":"read"}', '[]', 'x']) {
        world.client(agent).emit('onMessageReceived', [
          {
            ...{ type: 'TIMCustomElem', payload: { data }, from: visitor.id, time: 1 },
            ...{ conversationID: `GROUP${GROUP}`, cloudCustomData: '' },
          },
        ]);
      }
      expect(agent.statuses).to.deep.equal(['sent']);
    });
  });
});
