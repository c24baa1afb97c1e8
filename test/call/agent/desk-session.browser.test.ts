import { expect } from '@open-wc/testing';
import { AgentDesk } from '../../../src/call/agent/desk.ts';
import { codeOf } from '../../support/error-code.ts';
import { FakeCall } from '../../support/fake-call.ts';
import { settle } from '../../support/fake-clock.ts';
import { agentView } from '../../support/fake-views.ts';
import { forgetStorage } from '../../support/forget-storage.ts';

const CURRENT = '/api/v1/agent-sessions/current';
const ALICE = { username: 'alice', password: 'demo' };

describe('the session of an AgentDesk', () => {
  const realFetch = window.fetch;
  let fake: FakeCall;
  let requests: string[];
  /** Whether the browser keeps the cookie. */
  let cookie: boolean;
  let passwordAnswer: () => Response;
  const open: AgentDesk[] = [];

  function openDesk(site: string | null, server = location.origin): AgentDesk {
    const desk = new AgentDesk({ server, findSite: () => site }, fake.parts);
    open.push(desk);
    return desk;
  }

  beforeEach(() => {
    fake = new FakeCall();
    fake.server.view = agentView();
    requests = [];
    cookie = true;
    passwordAnswer = () => new Response(null, { status: 204 });
    window.fetch = async (input, init) => {
      const { pathname } = new URL(String(input));
      const headers = new Headers(init?.headers);
      const proof = headers.get('authorization') ?? headers.get('rtc-desk-site') ?? 'nobody';
      requests.push(`${init?.method ?? 'GET'} ${pathname} by ${proof}`);
      if (pathname.endsWith('/password')) return passwordAnswer();
      if (init?.method === 'DELETE') return new Response(null, { status: 204 });
      if (init?.method === 'GET')
        return cookie ? Response.json({}) : new Response(null, { status: 204 });
      return Response.json({ token: 'session-1', expiresAt: 1_800_000_900_000 });
    };
  });

  afterEach(async () => {
    for (const desk of open.splice(0)) desk.disconnect();
    await settle();
    window.fetch = realFetch;
    forgetStorage('rtc-desk:agent:');
  });

  const stored = () => Object.keys(localStorage).filter((key) => key.startsWith('rtc-desk:agent:'));

  it('lies in the cookie if the browser keeps it, and a reload goes on without a token', async () => {
    const desk = openDesk('acme');
    await desk.signIn(ALICE);
    expect(stored()).to.deep.equal([]);
    expect(requests).to.deep.equal([
      'POST /api/v1/agent-sessions by nobody',
      `GET ${CURRENT} by acme`,
    ]);
    expect(fake.server.hellos[0]).to.include({ token: 'session-1', site: 'acme' });
    desk.disconnect();
    const reloaded = openDesk('acme');
    expect(await reloaded.resume()).to.equal(true);
    expect(fake.server.hellos[1]).to.include({ site: 'acme' });
    expect(fake.server.hellos[1]).not.to.have.property('token');
    expect(reloaded.getSnapshot().byPassword).to.equal(true);
    await reloaded.signOut();
    expect(requests.at(-1)).to.equal(`DELETE ${CURRENT} by acme`);
  });

  it('is stored for its site alone if the browser does not keep the cookie', async () => {
    cookie = false;
    const desk = openDesk('acme');
    await desk.signIn(ALICE);
    desk.disconnect();
    expect(stored()).to.deep.equal([`rtc-desk:agent:${location.origin}/acme`]);
    expect(await openDesk('other').resume()).to.equal(false);
    expect(await openDesk('acme').resume()).to.equal(true);
    expect(fake.server.hellos.at(-1)).to.include({ token: 'session-1', site: 'acme' });
  });

  it('asks for no cookie on a page of another origin', async () => {
    const desk = openDesk('acme', 'https://desk.example.com');
    expect(await desk.resume()).to.equal(false);
    expect(requests).to.deep.equal([]);
  });

  it('gets another password, for an agent who has signed in with one', async () => {
    const desk = openDesk('acme');
    const change = { current: 'demo', password: 'copper-kettle-91' };
    expect(await codeOf(desk.changePassword(change))).to.equal('unauthorized');
    await desk.signIn(ALICE);
    await desk.changePassword(change);
    expect(requests.at(-1)).to.equal(`PUT ${CURRENT}/password by Bearer session-1`);
    passwordAnswer = () =>
      Response.json({ code: 'password-refused', message: '' }, { status: 400 });
    expect(await codeOf(desk.changePassword(change))).to.equal('password-refused');
    await desk.signIn({ token: 'jwt' });
    expect(desk.getSnapshot().byPassword).to.equal(false);
    expect(await codeOf(desk.changePassword(change))).to.equal('unauthorized');
  });

  it('tells the server of a renewed token on the open socket', async () => {
    const token = (n: number) => `h.${btoa(JSON.stringify({ iss: 'acme', sub: 'alice', n }))}.s`;
    const desk = openDesk('acme');
    await desk.signIn({ token: token(1) });
    await desk.signIn({ token: token(2) });
    expect(fake.server.hellos).to.have.length(1);
    expect(fake.server.sent('renew-token')[0]).to.include({ token: token(2) });
  });
});
