import { expect } from '@open-wc/testing';
import { settle } from '../../support/fake-clock.ts';
import { message, participant } from '../../support/fake-views.ts';
import { GROUP, TimWorld } from './tim-world.ts';

const ID = '11111111-2222-4333-8444-555555555555';

describe('TimChat', () => {
  let world: TimWorld;

  beforeEach(() => {
    world = new TimWorld();
  });
  afterEach(() => world.end());

  describe('a message', () => {
    it('goes over IM and to the desk under one id, and is shown once', async () => {
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

    it('reaches the other person while signaling is interrupted, and the desk afterwards', async () => {
      const { agent, visitor } = await world.both();
      let back = () => {};
      agent.server.gate = new Promise((resolve) => (back = resolve));
      agent.chat.handleInterrupted();
      for (const text of ['one', 'two', 'three']) agent.chat.sendText(text);
      await settle();
      expect(visitor.texts).to.deep.equal(['one', 'two', 'three']);
      expect(agent.statuses).to.deep.equal(['pending', 'pending', 'pending']);
      expect(agent.chat.getSnapshot().state).to.equal('ready');
      expect(world.record).to.deep.equal([]);
      back();
      agent.chat.handleEntered(agent.server.entered);
      await settle();
      expect(agent.statuses).to.deep.equal(['sent', 'sent', 'sent']);
      visitor.receive(...world.record);
      expect(visitor.texts).to.deep.equal(['one', 'two', 'three']);
    });

    it('reaches the other person over the desk if IM does not answer in time', async () => {
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

    it('is stored and shown although it is too long for IM', async () => {
      const { agent } = await world.both();
      agent.chat.sendText('界'.repeat(4_000));
      agent.chat.sendText('short');
      await settle();
      expect(agent.statuses).to.deep.equal(['sent', 'sent']);
      expect(world.record).to.have.length(2);
    });

    it('is shown in the desk’s order, not in that of IM', async () => {
      const { agent, visitor } = await world.both();
      agent.chat.handleInterrupted();
      agent.server.gate = new Promise(() => {});
      agent.chat.sendText('over IM');
      await settle();
      const mine = message(1, 'visitor-1', 'recorded first', ID);
      visitor.receive(mine);
      expect(visitor.texts).to.deep.equal(['recorded first', 'over IM']);
    });

    it('that the application’s moderation refuses is not stored, is shown as failed, and can be sent again', async () => {
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

    it('is not shown from a stranger, without our label, or too long', async () => {
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
      visitor.chat.handleParticipants([
        participant('agent-1'),
        participant('intruder', { name: 'Ivy' }),
      ]);
      expect(visitor.texts).to.deep.equal(['buy this']);
      expect(agent.texts).to.deep.equal([]);
    });

    it('is counted as unread once, and not again when the desk delivers it', async () => {
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
    it('of typing and reading come over IM and are not kept there', async () => {
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

    it('of reading with invalid data change nothing', async () => {
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
