/** The smallest possible server, as a child process: ws alone. With DATABASE_URL, two statements for each message. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { WebSocketServer } from 'ws';
import { answerJobs } from './child.ts';
import { processMetrics } from './process-metrics.ts';

const databaseUrl = process.env['DATABASE_URL'];
const pool = databaseUrl ? new pg.Pool({ connectionString: databaseUrl, max: 10 }) : null;

const jobs = {
  ...processMetrics,
  /** Answers with the address. */
  async start(): Promise<string> {
    await pool?.query(
      'create table if not exists echoes (id uuid primary key default gen_random_uuid(), text text not null, heard boolean not null default false)',
    );
    const http = createServer();
    const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
    sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const text = data.toString('utf8');
        void writeTwice(text).then(() => socket.send(text));
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  },
};

async function writeTwice(text: string): Promise<void> {
  if (!pool) return;
  const { rows } = await pool.query<{ id: string }>({
    name: 'insert',
    text: 'insert into echoes (text) values ($1) returning id',
    values: [text],
  });
  await pool.query({
    name: 'update',
    text: 'update echoes set heard = true where id = $1',
    values: [rows[0]?.id],
  });
}

export type BareServerJobs = typeof jobs;
answerJobs(jobs);
