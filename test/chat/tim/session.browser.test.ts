import { expect } from '@open-wc/testing';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { settle } from '../../support/fake-clock.ts';
import { fakePlatform } from '../../support/fake-platform.ts';
import { ROOM } from '../../support/fake-views.ts';
import { InMemoryChatServer } from '../../support/in-memory-chat-server.ts';
import { TimChat } from '../../../src/chat/tim/chat.ts';
import { GROUP, ticketOf, TimWorld } from './tim-world.ts';

describe('TimChat', () => {
  let world: TimWorld;

  beforeEach(() => {
    world = new TimWorld();
  });
  afterEach(() => world.end());

  describe('failures', () => {
    it('a login without an answer times out and is tried again', async () => {
      world.cloud.silent.add('login');
      const agent = world.open('agent-1').online();
      await world.clock.advance(9_999);
      expect(world.cloud.instances.size).to.equal(1);
      agent.chat.sendText('through the desk');
      await settle();
      expect(agent.statuses).to.deep.equal(['sent']);
      world.cloud.silent.clear();
      await world.clock.advance(2_001);
      expect(world.cloud.logins).to.have.length(1);
      expect(world.cloud.groups.has(GROUP)).to.equal(true);
    });

    it('a login with an answer is not enough: the SDK must be ready', async () => {
      world.cloud.silent.add('ready');
      const agent = world.open('agent-1').online();
      await world.clock.advance(9_999);
      expect(world.cloud.instances.size).to.equal(1);
      expect(agent.chat.getSnapshot().error).to.equal(null);
      world.cloud.silent.clear();
      await world.clock.advance(2_001);
      expect(world.cloud.groups.has(GROUP)).to.equal(true);
    });

    it('IM that cannot be reached is given up with one warning, and tried again with a new network', async () => {
      world.cloud.silent.add('login');
      const agent = world.open('agent-1').online();
      await world.clock.advance(300_000);
      expect(agent.chat.getSnapshot()).to.include({ error: 'offline', state: 'ready' });
      expect(world.warned).to.have.length(1);
      expect(world.cloud.instances.size).to.equal(0);
      world.cloud.silent.clear();
      agent.chat.handleInterrupted();
      agent.chat.handleEntered(agent.server.entered);
      await settle();
      expect(agent.chat.getSnapshot().error).to.equal(null);
      expect(world.cloud.groups.has(GROUP)).to.equal(true);
    });

    it('an instance that fails before the sign-in is ended and replaced', async () => {
      world.cloud.refuse('registerPlugin', 2901);
      world.open('agent-1').online();
      await settle();
      expect(world.cloud.instances.size).to.equal(0);
      await world.clock.advance(2_001);
      expect(world.cloud.groups.has(GROUP)).to.equal(true);
    });

    it('a script that does not load leaves the desk’s chat working', async () => {
      const options = {
        ...{ ticket: ticketOf('s'), room: ROOM },
        self: { id: 'agent-1', name: 'Alice', role: 'agent' } as const,
        ...{
          server: new InMemoryChatServer('agent-1', world.record),
          renewTicket: async () => ticketOf(''),
        },
      };
      const chat = new TimChat(fakePlatform(world.clock), options, async () => {
        throw new RtcDeskError('offline');
      });
      chat.handleEntered(options.server.entered);
      chat.sendText('hello');
      await settle();
      expect(chat.getSnapshot().entries[0]!.status).to.equal('sent');
      chat.close();
    });

    for (const type of ['multipleAccount', 'multipleDevice']) {
      it(`being signed in elsewhere (${type}) is shown, and does not sign in again`, async () => {
        const { agent, visitor } = await world.both();
        world.client(agent).kick(type);
        await world.clock.advance(120_000);
        expect(agent.chat.getSnapshot().error).to.equal('signed-in-elsewhere');
        expect(world.cloud.logins).to.have.length(2);
        agent.chat.sendText('the desk carries this');
        await settle();
        visitor.receive(...world.record);
        expect(visitor.texts).to.deep.equal(['the desk carries this']);
      });
    }

    it('a second page with the same ticket takes the connection over', async () => {
      const first = world.open('agent-1').online();
      await settle();
      world.open('agent-1').online();
      await settle();
      expect(first.chat.getSnapshot().error).to.equal('signed-in-elsewhere');
      expect(world.cloud.clients.size).to.equal(1);
    });

    it('a signature that expires before or during the call is renewed, and the chat goes on', async () => {
      world.cloud.expired.add('sig agent-1');
      const { agent, visitor } = await world.both();
      expect(agent.renewals).to.equal(1);
      expect(world.cloud.logins.map(({ userSig }) => userSig)).to.include('renewed agent-1');
      world.client(visitor).kick('userSigExpired');
      await world.clock.advance(2_000);
      expect(visitor.renewals).to.equal(1);
      visitor.chat.sendText('here again');
      await settle();
      expect(agent.texts).to.deep.equal(['here again']);
      expect(world.warned).to.deep.equal([]);
    });

    it('a renewed signature that also fails is not renewed again', async () => {
      for (const sig of ['sig agent-1', 'renewed agent-1']) world.cloud.expired.add(sig);
      const agent = world.open('agent-1').online();
      await world.clock.advance(300_000);
      expect(agent.renewals).to.equal(1);
      expect(agent.chat.getSnapshot().error).to.equal('unauthorized');
    });

    it('a failed renewal of a signature is tried again', async () => {
      world.cloud.expired.add('sig agent-1');
      const agent = world.open('agent-1').online();
      agent.renewal = async () => {
        agent.renewal = async () => ticketOf('late');
        throw new RtcDeskError('offline');
      };
      await world.clock.advance(3_000);
      expect(world.cloud.logins.map(({ userSig }) => userSig)).to.deep.equal(['late']);
    });

    it('a renewal that moves the room to the desk’s chat ends the IM connection', async () => {
      world.cloud.expired.add('sig agent-1');
      const agent = world.open('agent-1').online();
      agent.renewal = async () => ({ provider: 'desk', token: 't' });
      await settle();
      expect(agent.chat.getSnapshot().error).to.equal('forbidden');
    });

    for (const [number, code] of [
      [70009, 'forbidden'],
      [70014, 'forbidden'],
      [70398, 'server-error'],
      [60020, 'server-error'],
      [424242, 'server-error'],
    ] as const) {
      it(`login refused with ${number} ends as ${code} with the SDK’s error as cause`, async () => {
        for (let i = 0; i < 6; i++) world.cloud.refuse('login', number);
        const agent = world.open('agent-1').online();
        await world.clock.advance(300_000);
        expect(agent.chat.getSnapshot().error).to.equal(code);
        const [, error] = world.warned[0] as [string, RtcDeskError];
        expect((error.cause as { code: number }).code).to.equal(number);
        agent.chat.sendText('still');
        await settle();
        expect(agent.statuses).to.deep.equal(['sent']);
      });
    }

    it('messages go over the desk while IM has no network', async () => {
      const { agent } = await world.both();
      world.client(agent).setNetwork('disconnected');
      world.cloud.silent.add('sendMessage');
      agent.chat.sendText('not over IM');
      await settle();
      expect(agent.statuses).to.deep.equal(['sent']);
      world.cloud.silent.clear();
      world.client(agent).setNetwork('connected');
      agent.chat.sendText('over IM');
      await settle();
      expect(world.cloud.kept).to.have.length(1);
    });

    it('closing the chat cancels what is under way', async () => {
      const { agent } = await world.both();
      world.cloud.silent.add('sendMessage');
      agent.chat.sendText('too late');
      await settle();
      agent.chat.close();
      expect(agent.statuses).to.deep.equal(['failed']);
      expect(agent.chat.getSnapshot().state).to.equal('closed');
      await settle();
      expect(world.cloud.clients.has('agent-1')).to.equal(false);
    });

    it('closing during the sign-in leaves no instance', async () => {
      world.cloud.silent.add('login');
      const agent = world.open('agent-1').online();
      await settle();
      agent.chat.close();
      agent.chat.close();
      await settle();
      expect(world.cloud.instances.size).to.equal(0);
    });
  });
});
