import { expect } from '@open-wc/testing';
import { remoteMedia } from '../../support/fake-media-room.ts';
import { settle, until } from '../../support/fake-clock.ts';
import { CALL_ID, message, visitorView } from '../../support/fake-views.ts';
import { REQUEST, VisitorWorld } from './visitor-world.ts';

describe('VisitorCall', () => {
  let world: VisitorWorld;
  beforeEach(() => {
    world = new VisitorWorld();
  });
  afterEach(() => world.end());

  it('keeps the place over a lost connection of 1 s and of 70 s, and shows that it is offline', async () => {
    const { fake, call, snapshot } = world.visitor();
    await call.start(REQUEST);
    await settle();
    for (const ms of [1_000, 70_000]) {
      fake.server.reachable = false;
      fake.server.cut();
      await fake.clock.advance(ms);
      expect(snapshot()).to.include({ state: 'queued', online: false, position: 2 });
      fake.server.reachable = true;
      await fake.clock.advance(10_000);
      expect(snapshot()).to.include({ state: 'queued', online: true });
    }
    const { resume } = fake.server.sent('request-call')[0]!;
    for (const hello of fake.server.hellos) expect(hello).to.include({ resume });
  });

  it('sends the request again with the same token if its answer was lost', async () => {
    const { fake, call } = world.visitor();
    let times = 0;
    fake.server.on('request-call', () => (++times === 1 ? undefined : { callId: CALL_ID }));
    const started = call.start(REQUEST);
    await until(() => fake.server.commands.length > 0);
    fake.server.cut(1012);
    await fake.clock.advance(1_000);
    await started;
    const resumes = fake.server.sent('request-call').map(({ resume }) => resume);
    expect(resumes).to.have.length(2);
    expect(new Set(resumes).size).to.equal(1);
  });

  it('ends if the call ended while it was offline', async () => {
    const { fake, call, snapshot } = world.visitor();
    await call.start(REQUEST);
    await settle();
    fake.server.view = visitorView(null);
    fake.server.cut();
    await fake.clock.advance(1_000);
    expect(snapshot()).to.include({ state: 'ended' });
    expect(snapshot().ended?.reason).to.equal('abandoned');
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('enters the room again after a lost connection, before it sends anything else there', async () => {
    const { fake, snapshot, connect } = world.visitor();
    await connect();
    const session = snapshot().room!;
    session.openChat();
    await settle();
    fake.server.reachable = false;
    fake.server.cut();
    expect(snapshot().state).to.equal('reconnecting');
    session.sendText('sent while offline');
    expect(session.getSnapshot().chat.entries[0]!.status).to.equal('pending');
    const kept = message(1, 'visitor-1', 'sent while offline');
    fake.server.on('chat-send', (command) => ({
      ...kept,
      id: (command as { messageId: string }).messageId,
    }));
    fake.server.reachable = true;
    const before = fake.server.commands.length;
    await fake.clock.advance(1_000);
    const after = fake.server.commands.slice(before).map(({ type }) => type);
    expect(after[0]).to.equal('enter-room');
    expect(after).to.include('chat-send');
    expect(session.getSnapshot().chat.entries[0]!.status).to.equal('sent');
    expect(snapshot().room).to.equal(session);
    expect(snapshot().state).to.equal('connected');
    expect(fake.rooms[0]!.calls).to.include('signaling restored');
  });

  it('is still connected without signaling while the agent’s picture and sound arrive', async () => {
    const { fake, snapshot, connect } = world.visitor();
    await connect();
    const remote = remoteMedia('agent-1');
    fake.rooms[0]!.change({ remotes: [remote] });
    fake.server.reachable = false;
    fake.server.cut();
    expect(snapshot()).to.include({ state: 'connected', online: false });
    fake.rooms[0]!.change({ remotes: [{ ...remote, state: 'reconnecting' }] });
    expect(snapshot().state).to.equal('reconnecting');
  });

  it('fails if the same visitor connects elsewhere', async () => {
    const { fake, snapshot, connect } = world.visitor();
    await connect();
    const token = world.store.read();
    fake.server.cut(4409, 'signed-in-elsewhere');
    expect(snapshot()).to.include({ state: 'failed', error: 'signed-in-elsewhere' });
    expect(fake.leftovers).to.deep.equal([]);
    expect(world.store.read()).to.equal(token);
  });
});
