import { expect } from '@open-wc/testing';
import { ENTERED } from '../../support/fake-server.ts';
import { settle } from '../../support/fake-clock.ts';
import { message, room, ROOM, ticket } from '../../support/fake-views.ts';
import { CONNECTED, READY, REQUEST, VisitorWorld } from './visitor-world.ts';

describe('VisitorCall', () => {
  let world: VisitorWorld;
  beforeEach(() => {
    world = new VisitorWorld();
  });
  afterEach(() => world.end());

  it('enters again for a new ticket, and leaves the room if the agent is gone', async () => {
    const { fake, snapshot, show, connect } = world.visitor();
    await connect();
    const rooms = [room(['agent-1', 'visitor-2'], { ticket: ticket('visitor-2') })];
    await show({ ...CONNECTED, rooms });
    expect(fake.rooms.map((one) => one.getSnapshot().state)).to.deep.equal(['left', 'entered']);
    await show({ state: 'queued', position: 1 });
    expect(snapshot()).to.include({ state: 'queued', room: null, position: 1 });
    expect(fake.rooms[1]!.getSnapshot().state).to.equal('left');
    expect(snapshot().local.camera.state).to.equal('on');
  });

  it('fails and tells the agent if the room cannot be entered', async () => {
    const { fake, call, snapshot, show } = world.visitor({}, { refuse: 'room-full' });
    await call.start(REQUEST);
    await show(READY);
    expect(snapshot()).to.include({ state: 'failed', error: 'room-full' });
    await settle();
    expect(fake.server.sent('end-call')).to.have.length(1);
    await settle();
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('keeps the call if sound and pictures fail, and goes on as a chat', async () => {
    const { fake, call, snapshot, connect } = world.visitor({}, { refuse: 'media-failed' });
    await connect();
    expect(snapshot()).to.include({ state: 'connected', error: null });
    expect(snapshot().room!.getSnapshot()).to.include({ mediaError: 'media-failed' });
    snapshot().room!.openChat();
    await settle();
    snapshot().room!.sendText('Can you read me?');
    await settle();
    expect(fake.server.sent('chat-send')[0]).to.include({ text: 'Can you read me?' });
    expect(fake.server.sent('end-call')).to.have.length(0);
    await call.hangUp();
  });

  it('ends the call when its room is left', async () => {
    const { fake, snapshot, connect } = world.visitor();
    await connect();
    await snapshot().room!.leave();
    expect(snapshot()).to.include({ state: 'ended' });
    expect(fake.server.sent('end-call')).to.have.length(1);
  });

  it('loads the conversation when there is a message, and not before', async () => {
    const { fake, snapshot, connect } = world.visitor();
    await connect();
    const chat = () => snapshot().room!.getSnapshot().chat;
    expect(fake.chatsOpened).to.equal(0);
    expect(chat().state).to.equal('ready');
    const messages = [message(1, 'agent-1', 'hello'), message(2, 'agent-1', 'are you there?')];
    for (const one of messages) fake.server.send({ type: 'chat', room: ROOM, messages: [one] });
    await settle();
    expect(fake.chatsOpened).to.equal(1);
    expect(chat().entries.map(({ text }) => text)).to.deep.equal(['hello', 'are you there?']);
    expect(chat().unread).to.equal(2);
  });

  it('loads the conversation of a room that has messages already', async () => {
    const { fake, snapshot, connect } = world.visitor();
    fake.server.on('enter-room', () => ({ ...ENTERED, lastSequence: 1 }));
    const messages = [message(1, 'agent-1', 'hello')];
    fake.server.on('chat-history', () => ({ messages }));
    await connect();
    await settle();
    expect(snapshot().room!.getSnapshot().chat.entries).to.have.length(1);
  });

  it('loads the conversation again where that has failed', async () => {
    const { fake, snapshot, connect } = world.visitor();
    await connect();
    const room = snapshot().room!;
    fake.refuseChats = true;
    room.openChat();
    await settle();
    expect(room.getSnapshot().chat.state).to.equal('closed');
    fake.refuseChats = false;
    room.openChat();
    await settle();
    expect(room.getSnapshot().chat.state).to.equal('ready');
    fake.server.cut();
    expect(room.getSnapshot().chat.state).to.equal('offline');
  });

  it('passes on chat and signals of its own room only', async () => {
    const { fake, snapshot, connect } = world.visitor();
    await connect();
    const messages = [message(1, 'agent-1', 'hello')];
    fake.server.send({ type: 'chat', room: ROOM + 1, messages });
    fake.server.send({ type: 'signal', room: ROOM + 1, from: 'x', data: 1 });
    fake.server.send({ type: 'chat', room: ROOM, messages });
    fake.server.send({ type: 'signal', room: ROOM, from: 'agent-1', data: 1 });
    await settle();
    expect(snapshot().room!.getSnapshot().chat.entries).to.have.length(1);
    expect(fake.rooms[0]!.calls).to.deep.equal(['signal from agent-1']);
  });
});
