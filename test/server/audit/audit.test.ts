import assert from 'node:assert/strict';
import { it } from 'node:test';
import { verifyAudit } from '../../../src/server/audit/verify-audit.ts';
import { writeAudit } from '../../../src/server/audit/write-audit.ts';
import { sweepRetention } from '../../../src/server/retention/sweep-retention.ts';
import type { AuditEntry } from '../../../src/server/audit/audit-entry.ts';
import { onBothDatabases } from '../../support/databases.ts';

const entry = (site: string, change: Partial<AuditEntry> = {}): AuditEntry => ({
  site,
  type: 'provisioned',
  actor: { kind: 'operator', name: 'root' },
  address: null,
  ...change,
});

onBothDatabases((test) => {
  const addSite = (id: string) =>
    test.db.query('insert into sites (id, name) values ($1, $1)', [id]);
  const write = (...entries: AuditEntry[]) =>
    test.db.transaction(async (tx) => {
      for (const one of entries) await writeAudit(tx, one);
    });

  it('keeps who, from where, what, before and after', async () => {
    await addSite('kept');
    await write(
      entry('kept', {
        type: 'sign-in-failed',
        actor: { kind: 'unknown' },
        address: '203.0.113.7',
        subject: 'agent:x',
        before: { b: 1, a: [2] },
        after: { a: [3] },
      }),
    );
    const { rows } = await test.db.query(
      `select sequence::int, type, actor, actor_name, address, subject, before, after from audit
        where site_id = 'kept'`,
    );
    assert.deepEqual(rows, [
      {
        sequence: 1,
        type: 'sign-in-failed',
        actor: 'unknown',
        actor_name: null,
        address: '203.0.113.7',
        subject: 'agent:x',
        before: { a: [2], b: 1 },
        after: { a: [3] },
      },
    ]);
  });

  it('is written with what it tells, or not at all', async () => {
    await addSite('both');
    await assert.rejects(
      test.db.transaction(async (tx) => {
        await writeAudit(tx, entry('both'));
        throw new Error('it failed');
      }),
    );
    await write(entry('both'));
    assert.deepEqual(await verifyAudit(test.db, 'both'), { rows: 1, brokenAt: null });
  });

  it('chains the rows of many writers at once, each site by itself', async () => {
    await addSite('many');
    await addSite('other');
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => write(entry(index % 2 ? 'many' : 'other'))),
    );
    for (const site of ['many', 'other']) {
      assert.deepEqual(await verifyAudit(test.db, site), { rows: 10, brokenAt: null });
    }
  });

  it('refuses changes, deletions and truncation; retention may delete but not change', async () => {
    await addSite('fixed');
    await write(entry('fixed'), entry('fixed'));
    const refused = { code: '23001' };
    await assert.rejects(test.db.query(`update audit set type = 'erased'`), refused);
    await assert.rejects(test.db.query('delete from audit'), refused);
    await assert.rejects(test.db.query('truncate audit'), refused);
    const inRetention = (statement: string) =>
      test.db.transaction(async (tx) => {
        await tx.query(`set local rtc_desk.retention = 'on'`);
        await tx.query(statement);
      });
    await assert.rejects(inRetention(`update audit set type = 'erased'`), refused);
    await inRetention(`delete from audit where site_id = 'fixed' and sequence = 1`);
    assert.deepEqual(await verifyAudit(test.db, 'fixed'), { rows: 1, brokenAt: null });
  });

  it('is deleted by retention after its site’s time, and the rest stays whole', async () => {
    await addSite('old');
    await write(entry('old'), entry('old'), entry('old'));
    await test.db.query(`update sites set audit_days = 30 where id = 'old'`);
    await test.db.query('alter table audit disable trigger audit_append_only');
    await test.db.query(
      `update audit set at = at - interval '31 days' where site_id = 'old' and sequence <= 2`,
    );
    await test.db.query('alter table audit enable trigger audit_append_only');
    await sweepRetention(test.db);
    assert.deepEqual(await verifyAudit(test.db, 'old'), { rows: 1, brokenAt: null });
  });

  it('shows a row that was changed, taken out of the middle, or cut off at the end', async () => {
    const tampering: [site: string, statement: string, brokenAt: number][] = [
      ['changed', `update audit set address = '::1' where site_id = 'changed' and sequence = 2`, 2],
      ['gap', `delete from audit where site_id = 'gap' and sequence = 2`, 3],
      ['end', `delete from audit where site_id = 'end' and sequence = 3`, 3],
    ];
    for (const [site, statement, brokenAt] of tampering) {
      await addSite(site);
      await write(entry(site), entry(site), entry(site));
      await test.db.query('alter table audit disable trigger audit_append_only');
      await test.db.query(statement);
      await test.db.query('alter table audit enable trigger audit_append_only');
      assert.equal((await verifyAudit(test.db, site)).brokenAt, brokenAt, site);
    }
  });
});
