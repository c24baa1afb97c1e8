import type { Flow } from '../../../src/protocol/flow.ts';
import type { FlowRecord, FlowTrialResult } from '../../../src/protocol/rest/flows.ts';
import { refuse, type FakeRest } from '../../support/fake-rest.ts';

const document: Flow = {
  schema: 1,
  start: 's',
  nodes: {
    s: { type: 'start', next: { next: 'm' } },
    m: {
      type: 'menu',
      title: { en: 'What is it about?', 'zh-CN': '请选择问题类型' },
      options: [
        { id: 'product', label: { en: 'Product question', 'zh-CN': '产品咨询' } },
        { id: 'fault', label: { en: 'Report a fault', 'zh-CN': '产品报障' } },
      ],
      next: { product: 'q' },
    },
    q: { type: 'queue', group: 'pre-sales', next: { full: 'e', nobody: 'e', timeout: 'e' } },
    e: { type: 'end' },
  },
};

/** The flow `help` on the server in memory. `record` is what the server has. */
export class FakeFlow {
  record: FlowRecord = {
    id: 'help',
    name: 'Help',
    revision: 1,
    publishedVersion: 1,
    publishedAt: Date.UTC(2026, 10, 30),
    publishedBy: 'owner olivia',
    draftChanged: true,
    isDefault: true,
    changedAt: Date.UTC(2026, 10, 30),
    document,
  };
  /** What a trial answers, by the number of answers so far. */
  trial: readonly FlowTrialResult[] = [];

  constructor(rest: FakeRest) {
    const { answers } = rest;
    const read = () => ({ status: 200, body: this.record, etag: `"${this.record.revision}"` });
    answers.set('GET /flows', () => ({ status: 200, body: { flows: [this.record] } }));
    answers.set('GET /flows/help', read);
    answers.set('PUT /flows/help', ({ body, ifMatch }) => {
      if (ifMatch !== `"${this.record.revision}"`) return refuse(412, 'precondition-failed');
      this.change(body as Partial<FlowRecord>);
      return read();
    });
    answers.set('POST /flows/help/check', ({ body }) => {
      const { nodes } = (body as { document: Flow }).document;
      if (Object.values(nodes).some(({ type }) => type === ('x' as string))) {
        return refuse(400, 'bad-message');
      }
      const isWired = nodes['m']?.next?.['fault'] !== undefined;
      const fault = { code: 'exit-unwired', node: 'm', params: { exit: 'fault' } };
      return { status: 200, body: { faults: isWired ? [] : [fault] } };
    });
    answers.set('POST /flows/help/publish', ({ ifMatch }) => {
      if (ifMatch !== `"${this.record.revision}"`) return refuse(412, 'precondition-failed');
      this.change({ publishedVersion: 2, draftChanged: false });
      return { status: 200, body: { version: 2 } };
    });
    const defaultEtag = () => (this.record.isDefault ? '"help"' : '"none"');
    answers.set('GET /default-flow', () => ({
      status: 200,
      body: { flow: this.record.isDefault ? 'help' : null },
      etag: defaultEtag(),
    }));
    answers.set('PUT /default-flow', ({ body, ifMatch }) => {
      if (ifMatch !== defaultEtag()) return refuse(412, 'precondition-failed');
      this.change({ isDefault: (body as { flow: string | null }).flow === 'help' });
      return { status: 204 };
    });
    answers.set('GET /flows/help/versions', () => ({
      status: 200,
      body: {
        versions: [{ version: 1, author: 'owner olivia', publishedAt: Date.UTC(2026, 10, 30) }],
      },
    }));
    answers.set('GET /flows/help/versions/1', () => ({ status: 200, body: document }));
    answers.set('POST /flows/help/try', ({ body }) => ({
      status: 200,
      body: this.trial[(body as { inputs: unknown[] }).inputs.length],
    }));
  }

  /** As another person, or the server, changes the flow. */
  change(change: Partial<FlowRecord>): void {
    this.record = { ...this.record, ...change, revision: this.record.revision + 1 };
  }
}

export const prepareFlow = (rest: FakeRest): FakeFlow => new FakeFlow(rest);
