import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { activeLeg, wrapUpLeg } from '../../support/agent-legs.ts';
import { signInDemoAgent } from '../../support/agent-session.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { callInState, SHOWN, STATES } from '../../support/call-in-state.ts';
import { freshPostgres } from '../../support/postgres.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import { accept, enter, ticketOf, type TestSite } from '../../support/signaling-server.ts';
import { DeskCommand } from '../../support/desk-command.ts';

async function demoSite(url: string): Promise<TestSite> {
  const alice = await signInDemoAgent(url, 'alice');
  return { id: 'demo', agents: [{ ...alice, username: 'alice' }] };
}

for (const kind of ['PGlite', 'PostgreSQL'] as const) {
  describe(`a server on ${kind} that is killed with -9 and started again`, () => {
    let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
    let environment: NodeJS.ProcessEnv = {};
    let command: DeskCommand | null = null;
    let site: TestSite;

    before(async () => {
      directory = await freshDataDirectory();
      if (kind === 'PostgreSQL') {
        environment = { DATABASE_URL: await freshPostgres(), RTC_DESK_SECRET: 's'.repeat(32) };
      }
      site = await demoSite(await start());
    });
    after(async () => {
      await command?.dispose();
      await directory?.remove();
    });

    async function start(): Promise<string> {
      command = new DeskCommand(
        ['serve', '--demo', '--port', '0', '--data-dir', directory.dataDir],
        environment,
      );
      url = await command.listening();
      return url;
    }
    let url = '';

    for (const state of STATES) {
      it(`has lost nothing of a call that was ${state}, and the call goes on`, async () => {
        const { visitor, desk, resume, callId } = await callInState(url, site, state);
        const told = visitor.view.call;
        const participant = activeLeg(desk.view)?.rooms[0]?.ticket?.participant;
        const kept = randomUUID();
        if (state === 'connected') {
          const { room } = await ticketOf(desk);
          await desk.command({ type: 'chat-send', room, messageId: kept, text: 'acknowledged' });
        }
        const continues = (await desk.message('welcome')).connection;
        command?.kill('SIGKILL');
        await Promise.all([command?.ended(), visitor.waitForClose(), desk.waitForClose()]);

        await start();
        const token = site.agents[0]?.token ?? '';
        const [desk2, visitor2] = await Promise.all([
          ProtocolClient.join(url, { role: 'agent', token, continues }),
          ProtocolClient.join(url, { role: 'visitor', site: site.id, resume }),
        ]);
        const { call } = visitor2.view;
        assert.deepEqual(
          [call?.id, call?.position, call?.requestedAt],
          [callId, told?.position, told?.requestedAt],
        );
        // An offer may be withdrawn already, because the agent was gone with the server.
        if (state !== 'offered') assert.equal(call?.state, SHOWN[state]);
        assert.ok((visitor2.snapshot?.rev ?? 0) > (visitor.snapshot?.rev ?? 0), 'rev grows');
        if (state === 'queued') await desk2.command({ type: 'set-status', status: 'available' });
        if (state === 'queued' || state === 'offered') await accept(desk2);
        else assert.equal((await ticketOf(desk2)).participant, participant);
        const { room } = await enter(desk2);
        await enter(visitor2);
        await desk2.waitFor((view) => activeLeg(view)?.call.state === 'connected');
        const { messages } = await visitor2.command({ type: 'chat-history', room, after: 0 });
        assert.deepEqual(
          messages.map(({ id }) => id),
          state === 'connected' ? [kept] : [],
        );
        await visitor2.command({ type: 'end-call', callId });
        const leg = wrapUpLeg(await desk2.waitFor(wrapUpLeg));
        await desk2.command({ type: 'finish-wrap-up', legId: leg?.id ?? '' });
        await Promise.all([visitor2.close(), desk2.close()]);
      });
    }
  });
}
