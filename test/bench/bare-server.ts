/** The least that a server could be: ws alone, and where there is a database, two statements for each message. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { WebSocketServer } from 'ws';
import { answerJobs } from './child.ts';
import { vitals } from './process-metrics.ts';

const databaseUrl = process.env['DATABASE_URL'];
const pool = databaseUrl ? new pg.Pool({ connectionString: databaseUrl, max: 10 }) : null;

const jobs = {
  ...vitals,
  async start(): Promise<string> {
    await pool?.query(
      'create table if not exists echoes (id uuid primary key default gen_random_uuid(), text text not null, heard boolean not null default false)',
    );
    const http = createServer();
    const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
    sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const text = data.toString('utf8');
        void echo(text).then(() => socket.send(text));
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  },
};

async function echo(text: string): Promise<void> {
  if (!pool) return;
  const { rows } = await pool.query<{ id: string }>({
    name: 'hear',
    text: 'insert into echoes (text) values ($1) returning id',
    values: [text],
  });
  await pool.query({
    name: 'answer',
    text: 'update echoes set heard = true where id = $1',
    values: [rows[0]?.id],
  });
}

export type BareNodeJobs = typeof jobs;
answerJobs(jobs);
