import { expect } from '@open-wc/testing';
import type { Tim } from '../../src/chat/load-tim.ts';
import { TimChat } from '../../src/chat/tim.ts';
import { RtcDeskError } from '../../src/protocol/errors.ts';
import type { ChatMessage, ChatTicket } from '../../src/protocol/views.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { message, participant, room, ROOM } from '../support/fake-views.ts';
import { KeptMessages } from '../support/kept-messages.ts';
import { TimCloud } from '../support/tim-stand-in.ts';

const APP = 1_400_000_000;
const GROUP = String(ROOM);
const ID = '11111111-2222-4333-8444-555555555555';
const ticketOf = (userSig: string): ChatTicket & { provider: 'tim' } => ({
  ...{ provider: 'tim', sdkAppId: APP, userSig, token: 't' },
});

/** One person's page: their chat, their way to the desk, and the SDK as this page has it. */
class Seat {
  readonly server: KeptMessages;
  readonly chat: TimChat;
  renewals = 0;
  /** What the desk answers to a wish for a fresh signature. */
  renewal: () => Promise<ChatTicket> = async () => ticketOf(`renewed ${this.id}`);

  constructor(
    readonly id: string,
    { cloud, record, clock }: World,
    page: Tim = cloud.page(),
    number = ROOM,
  ) {
    const { name, role } = participant(id);
    this.server = new KeptMessages(id, record);
    const options = {
      ...{ ticket: ticketOf(`sig ${id}`), room: number, self: { id, name, role } },
      ...{ server: this.server, renewTicket: () => (this.renewals++, this.renewal()) },
    };
    this.chat = new TimChat(options, clock, async () => page);
  }

  get texts() {
    return this.chat.getSnapshot().entries.map(({ text }) => text);
  }
  get statuses() {
    return this.chat.getSnapshot().entries.map(({ status }) => status);
  }
  online(ids = ['agent-1', 'visitor-1']): this {
    this.chat.handleRoom(room(ids));
    this.chat.handleConnection(true);
    return this;
  }
}

class World {
  readonly clock = new FakeClock();
  readonly cloud = new TimCloud();
  readonly record: ChatMessage[] = [];
}

describe('TimChat', () => {
  let world: World;
  let seats: Seat[];
  let warned: unknown[][];
  const { warn } = console;

  beforeEach(() => {
    world = new World();
    seats = [];
    warned = [];
    console.warn = (...what) => warned.push(what);
  });

  afterEach(async () => {
    for (const { chat } of seats) chat.close();
    await world.clock.advance(60_000);
    console.warn = warn;
    expect(world.clock.pending).to.equal(0);
    expect(world.cloud.instances.size).to.equal(0);
    expect(world.cloud.clients.size).to.equal(0);
  });

  const sit = (id: string, page?: Tim, number?: number) => {
    const seat = new Seat(id, world, page, number);
    seats.push(seat);
    return seat;
  };
  const both = async () => {
    const agent = sit('agent-1').online();
    await settle();
    const visitor = sit('visitor-1').online();
    await settle();
    return { agent, visitor };
  };
  const deliver = (to: Seat, ...messages: ChatMessage[]) => to.chat.handleMessages(messages);
  const client = (seat: Seat) => world.cloud.clients.get(seat.id)!;

  describe('the group', () => {
    it('is made by the agent under the room’s number, joined by the visitor, taken down at the end', async () => {
      const { agent, visitor } = await both();
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

    it('is waited for by a visitor who is there before it', async () => {
      const visitor = sit('visitor-1').online();
      await world.clock.advance(5_000);
      expect(world.cloud.groups.size).to.equal(0);
      sit('agent-1').online();
      await world.clock.advance(1_000);
      expect([...world.cloud.groups.get(GROUP)!.members]).to.include(visitor.id);
      expect(world.cloud.logins.filter(({ userID }) => userID === visitor.id)).to.have.length(1);
    });

    it('is joined by an agent who comes again after a reload, as somebody new', async () => {
      await both();
      const again = sit('agent-2').online(['agent-2', 'visitor-1']);
      await settle();
      expect([...world.cloud.groups.get(GROUP)!.members]).to.include('agent-2');
      again.chat.close();
      await settle();
      expect(world.cloud.groups.has(GROUP)).to.equal(true);
    });

    it('is made and joined anew where somebody took it down in the call', async () => {
      const { agent, visitor } = await both();
      world.cloud.dismiss(GROUP);
      await world.clock.advance(2_000);
      expect([...world.cloud.groups.get(GROUP)!.members]).to.deep.equal(['agent-1', 'visitor-1']);
      agent.chat.sendText('still there?');
      await settle();
      expect(visitor.texts).to.deep.equal(['still there?']);
    });

    it('is found to be gone by whoever sends into it, and the message arrives all the same', async () => {
      const { agent, visitor } = await both();
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

  describe('a message', () => {
    it('goes over the line and into the record, under one id, and is shown once', async () => {
      const { agent, visitor } = await both();
      agent.chat.sendText('hello 👋');
      await settle();
      expect(agent.statuses).to.deep.equal(['sent']);
      expect(visitor.texts).to.deep.equal(['hello 👋']);
      const [entry] = visitor.chat.getSnapshot().entries;
      expect(entry).to.include({ from: 'agent-1', name: 'Alice', role: 'agent', mine: false });
      expect(entry!.id).to.equal(world.record[0]!.id);
      deliver(visitor, ...world.record);
      expect(visitor.texts).to.deep.equal(['hello 👋']);
      expect(visitor.chat.getSnapshot().entries[0]!.sentAt).to.equal(world.record[0]!.sentAt);
    });

    it('reaches the other while signaling is away, and the record when it is back', async () => {
      const { agent, visitor } = await both();
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
      deliver(visitor, ...world.record);
      expect(visitor.texts).to.deep.equal(['one', 'two', 'three']);
    });

    it('reaches the other through the desk where the cloud is silent, within the deadline', async () => {
      const { agent, visitor } = await both();
      world.cloud.silent.add('sendMessage');
      agent.chat.sendText('slow');
      agent.chat.sendText('not slower');
      await world.clock.advance(7_999);
      expect(world.record).to.deep.equal([]);
      await world.clock.advance(1);
      expect(world.record.map(({ text }) => text)).to.deep.equal(['slow', 'not slower']);
      deliver(visitor, ...world.record);
      expect(visitor.texts).to.deep.equal(['slow', 'not slower']);
      world.cloud.silent.clear();
      await world.clock.advance(10_000);
      agent.chat.sendText('and again');
      await settle();
      expect(visitor.texts).to.deep.equal(['slow', 'not slower', 'and again']);
    });

    it('is kept and shown though it is more than the cloud takes', async () => {
      const { agent } = await both();
      agent.chat.sendText('界'.repeat(4_000));
      agent.chat.sendText('short');
      await settle();
      expect(agent.statuses).to.deep.equal(['sent', 'sent']);
      expect(world.record).to.have.length(2);
    });

    it('stands in the order of the record, however the line brought it', async () => {
      const { agent, visitor } = await both();
      agent.chat.handleConnection(false);
      agent.server.gate = new Promise(() => {});
      agent.chat.sendText('over the line');
      await settle();
      const mine = message(1, 'visitor-1', 'recorded first', ID);
      deliver(visitor, mine);
      expect(visitor.texts).to.deep.equal(['recorded first', 'over the line']);
    });

    it('that the application’s moderation refuses is not kept, says so, and can be sent again', async () => {
      const { agent, visitor } = await both();
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
      const { agent, visitor } = await both();
      const label = JSON.stringify({ id: ID });
      const say = (from: string, text: string, cloudCustomData = label) =>
        client(visitor).emit('onMessageReceived', [
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
      client(visitor).emit('onMessageReceived', [
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
      const { agent, visitor } = await both();
      agent.server.gate = new Promise(() => {});
      agent.chat.sendText('hello');
      await settle();
      expect(visitor.chat.getSnapshot().unread).to.equal(1);
      visitor.chat.markRead();
      expect(visitor.chat.getSnapshot().unread).to.equal(0);
      const { id } = visitor.chat.getSnapshot().entries[0]!;
      deliver(visitor, message(1, 'agent-1', 'hello', id));
      expect(visitor.chat.getSnapshot().unread).to.equal(0);
      await settle();
      expect(visitor.server.reads).to.deep.equal([1]);
    });
  });

  describe('a picture', () => {
    const PICTURE = { id: '99999999-2222-4333-8444-555555555555', width: 2, height: 2 };
    const send = async (from: Seat, picture: Blob) => {
      from.server.upload = async (image) => {
        from.server.uploads.push(image);
        return PICTURE;
      };
      from.chat.sendImage(picture);
      await settle();
    };

    it('is kept by the desk and shown from there, and goes over the line too', async () => {
      const { agent, visitor } = await both();
      await send(agent, new Blob(['png'], { type: 'image/png' }));
      expect(agent.server.uploads).to.have.length(1);
      expect(agent.statuses).to.deep.equal(['sent']);
      expect(world.cloud.kept.map(({ type }) => String(type))).to.deep.equal(['TIMImageElem']);
      expect(visitor.chat.getSnapshot().entries[0]!.image).to.deep.equal(PICTURE);
      await visitor.chat.loadImage(PICTURE.id);
      expect(visitor.server.downloads).to.equal(1);
    });

    it('that the cloud does not take is the desk’s alone', async () => {
      const { agent, visitor } = await both();
      await send(agent, new Blob(['avif'], { type: 'image/avif' }));
      expect(agent.statuses).to.deep.equal(['sent']);
      expect(world.cloud.kept).to.deep.equal([]);
      deliver(visitor, ...world.record);
      expect(visitor.chat.getSnapshot().entries[0]!.image).to.deep.equal({ ...PICTURE });
    });

    it('that the desk refuses does not go over the line', async () => {
      const { agent, visitor } = await both();
      agent.server.refuseUpload = 'image-not-supported';
      agent.chat.sendImage(new Blob(['exe'], { type: 'image/png' }));
      await settle();
      expect(agent.chat.getSnapshot().entries[0]).to.include({
        ...{ status: 'failed', error: 'image-not-supported' },
      });
      expect(world.cloud.kept).to.deep.equal([]);
      expect(visitor.texts).to.deep.equal([]);
    });

    it('whose upload to the cloud never ends is sent all the same', async () => {
      const { agent } = await both();
      world.cloud.silent.add('sendMessage');
      await send(agent, new Blob(['png'], { type: 'image/png' }));
      expect(agent.statuses).to.deep.equal(['pending']);
      await world.clock.advance(20_000);
      expect(agent.statuses).to.deep.equal(['sent']);
    });
  });

  describe('marks', () => {
    it('of typing and of reading come over the line, and are not kept there', async () => {
      const { agent, visitor } = await both();
      agent.chat.notifyTyping();
      await settle();
      expect(visitor.chat.getSnapshot().typing).to.deep.equal(['Alice']);
      expect(agent.server.typings).to.equal(1);
      agent.chat.sendText('read this');
      await settle();
      deliver(visitor, ...world.record);
      visitor.chat.markRead();
      await settle();
      expect(agent.statuses).to.deep.equal(['seen']);
      expect(visitor.server.reads).to.deep.equal([1]);
      expect(world.cloud.kept).to.have.length(1);
    });

    it('of reading that say nonsense change nothing', async () => {
      const { agent, visitor } = await both();
      agent.chat.sendText('read this');
      await settle();
      for (const data of ['{"notice":"read","sequence":-1}', '{"notice":"read"}', '[]', 'x']) {
        client(agent).emit('onMessageReceived', [
          {
            ...{ type: 'TIMCustomElem', payload: { data }, from: visitor.id, time: 1 },
            ...{ conversationID: `GROUP${GROUP}`, cloudCustomData: '' },
          },
        ]);
      }
      expect(agent.statuses).to.deep.equal(['sent']);
    });
  });

  describe('bad luck', () => {
    it('a login that never answers ends at its deadline, and is tried again', async () => {
      world.cloud.silent.add('login');
      const agent = sit('agent-1').online();
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

    it('a login that answers is not taken for being ready', async () => {
      world.cloud.silent.add('ready');
      const agent = sit('agent-1').online();
      await world.clock.advance(9_999);
      expect(world.cloud.instances.size).to.equal(1);
      expect(agent.chat.getSnapshot().error).to.equal(null);
      world.cloud.silent.clear();
      await world.clock.advance(2_001);
      expect(world.cloud.groups.has(GROUP)).to.equal(true);
    });

    it('a cloud that is never reached is given up, told once, and tried again with a new network', async () => {
      world.cloud.silent.add('login');
      const agent = sit('agent-1').online();
      await world.clock.advance(300_000);
      expect(agent.chat.getSnapshot()).to.include({ error: 'offline', state: 'ready' });
      expect(warned).to.have.length(1);
      expect(world.cloud.instances.size).to.equal(0);
      world.cloud.silent.clear();
      agent.chat.handleConnection(false);
      agent.chat.handleConnection(true);
      await settle();
      expect(agent.chat.getSnapshot().error).to.equal(null);
      expect(world.cloud.groups.has(GROUP)).to.equal(true);
    });

    it('a script that does not load leaves the desk’s chat', async () => {
      const options = {
        ...{ ticket: ticketOf('s'), room: ROOM },
        self: { id: 'agent-1', name: 'Alice', role: 'agent' } as const,
        ...{
          server: new KeptMessages('agent-1', world.record),
          renewTicket: async () => ticketOf(''),
        },
      };
      const chat = new TimChat(options, world.clock, async () => {
        throw new RtcDeskError('offline');
      });
      chat.handleConnection(true);
      chat.sendText('hello');
      await settle();
      expect(chat.getSnapshot().entries[0]!.status).to.equal('sent');
      chat.close();
    });

    for (const type of ['multipleAccount', 'multipleDevice']) {
      it(`being signed in elsewhere (${type}) is told, and not answered by signing in again`, async () => {
        const { agent, visitor } = await both();
        client(agent).kick(type);
        await world.clock.advance(120_000);
        expect(agent.chat.getSnapshot().error).to.equal('signed-in-elsewhere');
        expect(world.cloud.logins).to.have.length(2);
        agent.chat.sendText('the desk carries this');
        await settle();
        deliver(visitor, ...world.record);
        expect(visitor.texts).to.deep.equal(['the desk carries this']);
      });
    }

    it('a second page with the same ticket takes the line over', async () => {
      const first = sit('agent-1').online();
      await settle();
      sit('agent-1').online();
      await settle();
      expect(first.chat.getSnapshot().error).to.equal('signed-in-elsewhere');
      expect(world.cloud.clients.size).to.equal(1);
    });

    it('a signature that expired before or in the call is renewed, and the conversation goes on', async () => {
      world.cloud.expired.add('sig agent-1');
      const { agent, visitor } = await both();
      expect(agent.renewals).to.equal(1);
      expect(world.cloud.logins.map(({ userSig }) => userSig)).to.include('renewed agent-1');
      client(visitor).kick('userSigExpired');
      await world.clock.advance(2_000);
      expect(visitor.renewals).to.equal(1);
      visitor.chat.sendText('here again');
      await settle();
      expect(agent.texts).to.deep.equal(['here again']);
      expect(warned).to.deep.equal([]);
    });

    it('a renewed signature that is no better is not renewed for ever', async () => {
      for (const sig of ['sig agent-1', 'renewed agent-1']) world.cloud.expired.add(sig);
      const agent = sit('agent-1').online();
      await world.clock.advance(300_000);
      expect(agent.renewals).to.equal(1);
      expect(agent.chat.getSnapshot().error).to.equal('unauthorized');
    });

    it('a signature that cannot be renewed at this moment is asked for again', async () => {
      world.cloud.expired.add('sig agent-1');
      const agent = sit('agent-1').online();
      agent.renewal = async () => {
        agent.renewal = async () => ticketOf('late');
        throw new RtcDeskError('offline');
      };
      await world.clock.advance(3_000);
      expect(world.cloud.logins.map(({ userSig }) => userSig)).to.deep.equal(['late']);
    });

    it('a renewal that moves the room to the desk’s chat ends the line', async () => {
      world.cloud.expired.add('sig agent-1');
      const agent = sit('agent-1').online();
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
      it(`login refused with ${number} is ${code} in the end, its cause kept`, async () => {
        for (let i = 0; i < 6; i++) world.cloud.refuse('login', number);
        const agent = sit('agent-1').online();
        await world.clock.advance(300_000);
        expect(agent.chat.getSnapshot().error).to.equal(code);
        const [, error] = warned[0] as [string, RtcDeskError];
        expect((error.cause as { code: number }).code).to.equal(number);
        agent.chat.sendText('still');
        await settle();
        expect(agent.statuses).to.deep.equal(['sent']);
      });
    }

    it('a network that goes and comes is the desk’s meanwhile', async () => {
      const { agent } = await both();
      client(agent).setNetwork('disconnected');
      world.cloud.silent.add('sendMessage');
      agent.chat.sendText('not over the line');
      await settle();
      expect(agent.statuses).to.deep.equal(['sent']);
      world.cloud.silent.clear();
      client(agent).setNetwork('connected');
      agent.chat.sendText('over the line');
      await settle();
      expect(world.cloud.kept).to.have.length(1);
    });

    it('what is under way when the conversation is closed is called off', async () => {
      const { agent } = await both();
      world.cloud.silent.add('sendMessage');
      agent.chat.sendText('too late');
      await settle();
      agent.chat.close();
      expect(agent.statuses).to.deep.equal(['failed']);
      expect(agent.chat.getSnapshot().state).to.equal('closed');
      await settle();
      expect(world.cloud.clients.has('agent-1')).to.equal(false);
    });

    it('closing in the middle of signing in leaves no instance', async () => {
      world.cloud.silent.add('login');
      const agent = sit('agent-1').online();
      await settle();
      agent.chat.close();
      agent.chat.close();
      await settle();
      expect(world.cloud.instances.size).to.equal(0);
    });
  });

  describe('one page', () => {
    it('with two rooms signs in for the second when the first has let go', async () => {
      const page = world.cloud.page();
      const first = sit('agent-1', page).online();
      const second = sit('agent-2', page, 4712).online(['agent-2']);
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

    it('comes back after leaving, as somebody else', async () => {
      const page = world.cloud.page();
      for (const id of ['agent-1', 'agent-2', 'agent-3']) {
        const seat = sit(id, page).online();
        await settle();
        expect([...world.cloud.groups.get(GROUP)!.members]).to.deep.equal([id]);
        seat.chat.close();
        await settle();
      }
    });

    it('whose SDK is still signed in as somebody else says nothing in that name, and signs in anew', async () => {
      const page = world.cloud.page();
      const left = page.create({ SDKAppID: APP });
      await left.login({ userID: 'somebody', userSig: 'left' });
      const agent = sit('agent-1', page).online();
      agent.chat.sendText('hello');
      await settle();
      expect(world.cloud.clients.size).to.equal(0);
      expect(world.cloud.groups.size).to.equal(0);
      await world.clock.advance(2_000);
      expect([...world.cloud.clients.keys()]).to.deep.equal(['agent-1']);
      expect(world.cloud.groups.get(GROUP)!.owner).to.equal('agent-1');
    });

    it('leaves nothing in its storage of what the SDK wrote of this person', async () => {
      const { agent } = await both();
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
