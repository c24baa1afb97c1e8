import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TokenBuckets } from '../../../src/server/rate-limits/token-buckets.ts';
import { offeredLeg } from '../../support/agent-legs.ts';
import { ProtocolClient, type AgentClient } from '../../support/protocol-client.ts';
import {
  accept,
  deskOf,
  enter,
  makeSite,
  newResume,
  startSignalingServer,
  type SignalingServer,
  type TestSite,
} from '../../support/signaling-server.ts';

const TURN = { urls: ['stun:turn.example.com', 'turn:turn.example.com'], secret: 'a secret' };
/** How many ringing calls of one address get credentials (server/rooms/ringing-ice-servers.ts). */
const BURST = 20;
const [FLOODER, STRANGER] = ['198.51.100.1', '198.51.100.2'];

describe('the ICE servers of a visitor whose call rings', () => {
  let server: SignalingServer;
  let site: TestSite;
  let desk: AgentClient;
  before(async () => {
    server = await startSignalingServer(
      { dataDir: 'memory://' },
      // No token comes back, however long the test takes.
      { turn: TURN, trustProxy: ['loopback'], buckets: new TokenBuckets(() => 0) },
    );
    site = await makeSite(server.database);
    desk = await deskOf(server.url, site.agents[0]);
  });
  after(async () => {
    await desk.close();
    await server.stop();
  });

  /** A call from this address that rings at the agent. */
  async function ring(address: string) {
    const headers = { 'x-forwarded-for': address };
    const hello = { role: 'visitor', site: site.id } as const;
    const visitor = await ProtocolClient.join(server.url, hello, { headers });
    await visitor.command({ type: 'request-call', resume: newResume(), params: {} });
    const { call } = await visitor.waitFor((view) => view.call?.state === 'ringing');
    const end = async () => {
      await visitor.command({ type: 'end-call', callId: call?.id ?? '' });
      await desk.waitFor((view) => !offeredLeg(view));
      await visitor.close();
    };
    return { visitor, end, iceServers: call?.iceServers };
  }

  it('are limited by address: whoever makes calls ring again and again gets no more, and a stranger gets theirs', async () => {
    const usernames = new Set<string | undefined>();
    for (let i = 0; i < BURST; i += 1) {
      const { iceServers, end } = await ring(FLOODER);
      usernames.add(iceServers?.[1]?.username);
      await end();
    }
    assert.equal(usernames.size, BURST, 'each call has credentials of its own');
    assert.ok(!usernames.has(undefined));
    const beyond = await ring(FLOODER);
    assert.equal(beyond.iceServers, undefined);
    for (const frame of beyond.visitor.frames) assert.doesNotMatch(frame, /credential/);
    await beyond.end();
    const stranger = await ring(STRANGER);
    assert.ok(stranger.iceServers?.[1]?.credential);
    await stranger.end();
    // The call beyond the limit is none the worse: its ticket has credentials.
    const { visitor, iceServers } = await ring(FLOODER);
    assert.equal(iceServers, undefined);
    await accept(desk);
    await enter(desk);
    const { call } = await visitor.waitFor((view) => view.call?.state === 'ready');
    const media = call?.rooms[0]?.ticket?.media;
    assert.ok(media?.provider === 'mesh' && media.iceServers[1]?.credential);
    await visitor.close();
  });
});
