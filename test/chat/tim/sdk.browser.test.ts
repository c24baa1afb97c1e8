import { expect } from '@open-wc/testing';
import { loadTim, type Tim } from '../../../src/chat/tim/sdk.ts';
import { TimChat } from '../../../src/chat/tim/chat.ts';
import { TimSession } from '../../../src/chat/tim/session.ts';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import { CutNetwork } from '../../support/cut-network.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { fakePlatform } from '../../support/fake-platform.ts';
import { room, ROOM } from '../../support/fake-views.ts';
import { InMemoryChatServer } from '../../support/in-memory-chat-server.ts';

const ticket = { provider: 'tim', sdkAppId: 1_400_000_000, userSig: 'x', token: 't' } as const;
const self = { id: 'visitor-1', name: 'Vera', role: 'visitor' } as const;

describe('the SDK of Tencent IM itself, without a network', () => {
  let network: CutNetwork;
  let clock: FakeClock;
  let tim: Tim;

  before(async () => {
    network = new CutNetwork();
    tim = await loadTim();
  });
  after(() => network.restore());
  beforeEach(() => (clock = new FakeClock()));
  afterEach(() => {
    expect(network.leftovers).to.deep.equal([]);
    expect(clock.pending).to.equal(0);
  });

  const makeSession = () => {
    const lost: RtcDeskError[] = [];
    const events = {
      message: () => {},
      changed: () => {},
      lost: (e: RtcDeskError) => lost.push(e),
    };
    return new TimSession({ tim, ticket, room: ROOM, self, clock }, events);
  };

  it('has one instance for each application, and a new one after the end of the first', async () => {
    const client = tim.create({ SDKAppID: ticket.sdkAppId });
    expect(tim.create({ SDKAppID: ticket.sdkAppId })).to.equal(client);
    await client.destroy().catch(() => {});
    const second = tim.create({ SDKAppID: ticket.sdkAppId });
    expect(second).not.to.equal(client);
    await second.destroy().catch(() => {});
  });

  it('is given up after our timeout if its login neither resolves nor rejects', async () => {
    const session = makeSession();
    let failure: RtcDeskError | null = null;
    const entering = session.enter().catch((error: RtcDeskError) => (failure = error));
    await clock.advance(9_999);
    expect(failure).to.equal(null);
    await clock.advance(1);
    await entering;
    expect(failure!.code).to.equal('offline');
    expect(network.leftovers).not.to.deep.equal([]);
    await session.close();
  });

  it('can be ended during its login, and leaves neither a socket nor a timer', async () => {
    const session = makeSession();
    const entering = session.enter().catch((error: RtcDeskError) => error.code);
    await settle();
    await session.close();
    expect(await entering).to.equal('conflict');
    await settle();
  });

  it('refuses a message before it is ready with a known failure', async () => {
    const session = makeSession();
    let code = '';
    await session.sendText('id', 'too early').catch((error: RtcDeskError) => (code = error.code));
    expect(code).to.equal('offline');
    await session.close();
  });

  it('cannot be reached, and the chat goes on with the desk alone', async () => {
    const server = new InMemoryChatServer();
    const options = { ticket, room: ROOM, self, server, renewTicket: async () => ticket };
    const chat = new TimChat(fakePlatform(clock), options);
    chat.handleParticipants(room(['agent-1', 'visitor-1']).participants);
    chat.handleEntered(server.entered);
    chat.sendText('hello');
    await settle();
    expect(server.messages.map(({ text }) => text)).to.deep.equal(['hello']);
    chat.close();
    await settle();
    await settle();
  });

  it('connects to Tencent’s hosts only', () => {
    expect(network.hosts).to.not.deep.equal([]);
    for (const host of network.hosts) {
      expect(host).to.match(/(^|\.)(im\.qcloud|tim\.qq|my-imcloud|web\.sdk\.qcloud)\.com$/);
    }
  });
});
