import type { Queryable } from '../../../src/server/database/database.ts';

/** Two sites: `acme` with the agent `jo`, `other` with the agent `kim`. Neither has a password. */
export async function writeTwoSites(db: Queryable): Promise<void> {
  await db.query(
    `insert into sites (id, name, origins, crm_origins) values
       ('acme', 'Acme', array['https://www.acme.example'], array['https://crm.acme.example']),
       ('other', 'Other', '{}', '{}')`,
  );
  await db.query(
    `insert into agents (site_id, username, name) values ('acme', 'jo', 'Jo Park'), ('other', 'kim', 'Kim Lee')`,
  );
}
