import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { HandOver } from '../../../src/protocol/rest/hand-over.ts';
import { offerHandOver } from '../../../src/server/hand-overs/offer-hand-over.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestVisitor } from '../calls/call-world.ts';
import { HttpFixture } from './http-fixture.ts';
import { RestClient } from './rest-client.ts';

describe('the code of a hand-over', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let rest: RestClient;
    let visitor: TestVisitor;

    before(async () => {
      http = await HttpFixture.open(test.db);
      rest = new RestClient(http.url);
    });
    after(() => http?.close());
    beforeEach(async () => {
      const world = await CallWorld.make(test.db, randomUUID());
      visitor = await world.visitor();
    });

    const offer = () =>
      offerHandOver(test.db, { callId: visitor.callId, connectionId: visitor.connection });
    const status = async (code: string) => (await rest.send(code, 'GET', '/hand-over')).status;

    it('says of which site its call is, and does not use the code up', async () => {
      const { code, expiresAt } = await offer();
      const expected = { site: 'shop', siteName: 'Shop', expiresAt };
      assert.deepEqual(await rest.read<HandOver>(code, '/hand-over'), expected);
      assert.deepEqual(await rest.read<HandOver>(code, '/hand-over'), expected);
      assert.ok(!http.log.some((line) => line.includes(code)), 'the code is in the log');
    });

    it('says nothing where it is unknown, replaced or expired, or its call is over', async () => {
      assert.equal((await fetch(`${http.url}/api/v1/hand-over`)).status, 401);
      assert.equal(await status('A'.repeat(22)), 404);
      const { code: replaced } = await offer();
      const { code } = await offer();
      assert.equal(await status(replaced), 404);
      await test.db.query('update calls set hand_over_until = now()');
      assert.equal(await status(code), 404);
      const { code: last } = await offer();
      await test.db.query(
        `update calls set state = 'ended', ended_at = now(), ended_reason = 'cancelled'`,
      );
      assert.equal(await status(last), 404);
    });
  });
});
