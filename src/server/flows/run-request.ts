import type { Logger } from 'pino';
import { RtcDeskError } from '../../protocol/errors.ts';
import { stepOf } from '../../protocol/flow-graph.ts';
import type { StepOf } from '../../protocol/flow.ts';
import type { Database } from '../database/database.ts';
import { isPlainText } from '../database/storable-text.ts';
import type { Transport } from '../outgoing/post.ts';
import { siteSecret } from '../identity/site-secret.ts';
import { answerFlow } from './answer-flow.ts';
import type { FlowInput } from './flow-state.ts';
import { readFlowVersion } from './flow-version.ts';
import { sendRequest } from './send-request.ts';

interface Row {
  readonly site_id: string;
  readonly flow_version_id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly language: string | null;
  readonly epoch: number;
  readonly secret_version: number;
  readonly hosts: readonly string[];
  readonly visitor: string | null;
}

const READ = `
select c.site_id, c.flow_version_id, c.params, c.language, c.epoch, s.secret_version, s.request_hosts as hosts,
       v.external_id as visitor
  from calls c join sites s on s.id = c.site_id left join visitors v on v.id = c.visitor_id
 where c.id = $1 and c.state = 'choosing' and c.flow_node = $2`;

export interface RequestOptions {
  readonly database: Database;
  /** The server's signing key. */
  readonly key: Uint8Array;
  readonly logger: Pick<Logger, 'warn'>;
  readonly transport?: Transport | undefined;
}

/**
 * Sends the request of the step at which a call stands, and moves the call on by its answer; so on while the next step
 * is a request too. Not awaited by a command: the visitor's view shows that the server works. If this node dies
 * meanwhile, the sweep moves the call on by `timeout`.
 */
export async function runRequests(
  options: RequestOptions,
  { callId, node }: { readonly callId: string; readonly node: string },
): Promise<void> {
  let at: string | null = node;
  try {
    while (at !== null) {
      const input = await send(options, callId, at);
      at = input && (await answerFlow(options.database, { callId, node: at, input }));
    }
  } catch (error) {
    // The visitor has left, or the sweep was faster.
    if (error instanceof RtcDeskError && error.code === 'flow-changed') return;
    options.logger.warn({ err: error }, 'a flow’s request could not be finished');
  }
}

async function send(
  { database, key, logger, transport }: RequestOptions,
  callId: string,
  node: string,
): Promise<FlowInput | null> {
  const [call] = (await database.query<Row>(READ, [callId, node])).rows;
  if (!call) return null;
  const { document } = await readFlowVersion(database, call.flow_version_id);
  const step = stepOf(document, node);
  if (step?.type !== 'request') return null;
  // The list may have changed since the flow was published.
  if (!call.hosts.includes(new URL(step.url).host)) return { kind: 'exit', exit: 'error' };
  const answer = await sendRequest(
    {
      url: step.url,
      id: `${callId}-${node}-${call.epoch}`,
      body: {
        type: 'flow.request',
        timestamp: new Date().toISOString(),
        data: {
          callId,
          step: node,
          visitor: call.visitor,
          language: call.language,
          params: picked(call.params, step.send),
        },
      },
      secret: siteSecret(key, call.site_id, call.secret_version),
    },
    transport,
  );
  if (answer.exit === 'error') {
    logger.warn({ site: call.site_id, step: node, why: answer.why }, 'a flow’s request failed');
  }
  if (answer.exit !== 'ok') return { kind: 'exit', exit: answer.exit };
  return { kind: 'exit', exit: 'ok', params: mapped(step.answer, answer.answer) };
}

export function picked(params: Row['params'], names: readonly string[] | undefined): Row['params'] {
  if (!names) return params;
  return Object.fromEntries(Object.entries(params).filter(([name]) => names.includes(name)));
}

/** The parts of the answer that become params: texts, numbers and truth values. Others are left out. */
export function mapped(
  paths: StepOf<'request'>['answer'],
  answer: unknown,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(paths ?? {}).flatMap(([param, path]) => {
      const value = path.split('.').reduce<unknown>(valueAt, answer);
      const isText = ['string', 'number', 'boolean'].includes(typeof value);
      return isText && isPlainText(String(value)) ? [[param, String(value)]] : [];
    }),
  );
}

function valueAt(of: unknown, name: string): unknown {
  if (typeof of !== 'object' || of === null || !Object.hasOwn(of, name)) return undefined;
  return (of as Record<string, unknown>)[name];
}
