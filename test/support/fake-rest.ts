import type { AgentAccount } from '../../src/protocol/rest/agents.ts';
import type { ApiKey } from '../../src/protocol/rest/api-keys.ts';
import type { AuditRow } from '../../src/protocol/rest/audit.ts';
import type { ConsoleSession } from '../../src/protocol/rest/console-session.ts';
import type { Hours } from '../../src/protocol/rest/hours.ts';
import type { Permissions } from '../../src/protocol/rest/permissions.ts';
import type { RecordingSummary } from '../../src/protocol/rest/recordings.ts';
import type { SkillGroup } from '../../src/protocol/rest/skill-groups.ts';

/** A request as the console sends it. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly ifMatch: string | null;
  readonly body: unknown;
}

interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly etag?: string;
}

const OWNER: Permissions = {
  records: 'site',
  recordings: 'site',
  'recordings-export': 'site',
  'follow-ups': 'site',
  directory: 'site',
  'agents-read': 'site',
  replies: 'site',
  routing: 'site',
  publish: 'site',
  agents: 'site',
  settings: 'site',
  'api-keys': 'site',
  configuration: 'site',
  'configuration-write': 'site',
  retention: 'site',
  erasure: 'site',
  audit: 'site',
  reports: 'site',
  rooms: 'none',
};

const SUPERVISOR: Permissions = {
  records: 'groups',
  recordings: 'groups',
  'recordings-export': 'none',
  'follow-ups': 'groups',
  directory: 'groups',
  'agents-read': 'groups',
  replies: 'groups',
  routing: 'groups',
  publish: 'none',
  agents: 'none',
  settings: 'none',
  'api-keys': 'none',
  configuration: 'none',
  'configuration-write': 'none',
  retention: 'none',
  erasure: 'none',
  audit: 'none',
  reports: 'groups',
  rooms: 'none',
};

export const ownerSession: ConsoleSession = {
  expiresAt: Date.UTC(2030, 0, 1),
  site: { id: 'demo', name: 'Northwind Power', timeZone: 'Europe/Berlin' },
  agent: {
    id: '00000000-0000-4000-8000-000000000001',
    username: 'olivia',
    name: 'Olivia',
    role: 'owner',
  },
  groups: [],
  secondFactor: false,
  recoveryCodes: 0,
  may: OWNER,
};

export const supervisorSession: ConsoleSession = {
  ...ownerSession,
  agent: { ...ownerSession.agent, username: 'sam', name: 'Sam', role: 'supervisor' },
  groups: ['after-sales'],
  may: SUPERVISOR,
};

export const fakeAgent = (number: number, change: Partial<AgentAccount> = {}): AgentAccount => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  username: `agent${number}`,
  name: `Agent ${number}`,
  role: 'agent',
  groups: [{ id: 'after-sales', level: 1 }],
  disabled: false,
  password: true,
  secondFactor: false,
  linkExpiresAt: null,
  ...change,
});

export const fakeGroup = (id: string, change: Partial<SkillGroup> = {}): SkillGroup => ({
  id,
  name: id,
  position: 0,
  offerSeconds: 20,
  wrapUpSeconds: 30,
  dispositionRequired: false,
  hours: null,
  priority: 5,
  rules: {},
  recording: null,
  rulesVersion: 1,
  members: 2,
  ...change,
});

export const fakeHours = (id: string, change: Partial<Hours> = {}): Hours => ({
  id,
  name: id,
  timeZone: null,
  open: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }],
  exceptions: [],
  groups: [],
  openNow: true,
  ...change,
});

/**
 * The REST interface in memory, for the tests of the console's pages. It pages, searches by name, and refuses a change
 * under an old version; it knows no roles.
 */
export class FakeRest {
  session: ConsoleSession | null = ownerSession;
  agents: AgentAccount[] = [1, 2, 3].map((number) => fakeAgent(number));
  groups: SkillGroup[] = [
    fakeGroup('after-sales', { name: 'After sales' }),
    fakeGroup('pre-sales', { name: 'Pre-sales', position: 1 }),
  ];
  hours: Hours[] = [fakeHours('office', { name: 'Office' })];
  apiKeys: ApiKey[] = [];
  audit: AuditRow[] = [];
  recordings: RecordingSummary[] = [];
  /** Further answers by method and path, such as `GET /site`. They come before the others. */
  readonly answers = new Map<string, (request: FakeRequest) => FakeAnswer>([
    // The page of the reports asks for these besides its figures.
    [
      'GET /reports/ratings',
      () => ({ status: 200, body: { rows: [], total: { ratings: 0, average: null } } }),
    ],
    ['GET /reports/steps', () => ({ status: 200, body: { steps: [], setup: [] } })],
  ]);
  /** All requests so far. */
  readonly requests: FakeRequest[] = [];

  /** Rows on a page, so that a test needs few for a second page. */
  pageRows = 50;
  readonly #versions = new Map<string, number>();

  handle(request: FakeRequest): FakeAnswer {
    this.requests.push(request);
    const { method, path } = request;
    const answer = this.answers.get(`${method} ${path}`);
    if (answer) return answer(request);
    if (path === '/console/session') return this.#answerSession(request);
    if (this.session === null) return refuse(401, 'unauthorized');
    const [, list = '', key, part] = path.split('/');
    if (list === 'recordings') {
      return { status: 200, body: this.#page(this.recordings, request.query) };
    }
    if (list === 'audit') return { status: 200, body: this.#page(this.audit, request.query) };
    if (list === 'api-keys') return { status: 200, body: this.#page(this.apiKeys, request.query) };
    if (list !== 'agents' && list !== 'groups' && list !== 'hours') return refuse(404, 'not-found');
    if (part === 'members') return this.#answerMembers(request);
    if (key === undefined && method === 'POST') return this.#make(list, request.body);
    if (key === undefined) return { status: 200, body: this.#page(this[list], request.query) };
    return this.#answerOne(list, key, request);
  }

  /** Changes a thing as another person does. */
  change(list: 'agents' | 'groups' | 'hours', key: string, change: object): void {
    const rows = this[list] as { id: string }[];
    const at = rows.findIndex(({ id }) => id === key);
    rows[at] = { ...rows[at]!, ...change };
    this.#versions.set(`${list}/${key}`, this.#version(`${list}/${key}`) + 1);
  }

  #answerSession({ method, body }: FakeRequest): FakeAnswer {
    if (method === 'DELETE') {
      this.session = null;
      return { status: 204 };
    }
    if (method === 'GET') {
      return this.session ? { status: 200, body: this.session } : { status: 204 };
    }
    const { username, password } = body as { username: string; password: string };
    if (password !== 'demo') return refuse(401, 'unauthorized');
    this.session = username === 'sam' ? supervisorSession : ownerSession;
    return { status: 200, body: this.session };
  }

  #answerMembers({ method }: FakeRequest): FakeAnswer {
    const members = this.agents.map((agent) => ({ ...agent, level: 1 }));
    return method === 'GET'
      ? { status: 200, body: { members }, etag: '"1"' }
      : { status: 200, body: { members }, etag: '"2"' };
  }

  #answerOne(list: 'agents' | 'groups' | 'hours', key: string, request: FakeRequest): FakeAnswer {
    const row = (this[list] as { id: string }[]).find(({ id }) => id === key);
    if (!row) return refuse(404, 'not-found');
    const name = `${list}/${key}`;
    if (request.method !== 'GET') {
      if (request.ifMatch !== this.#etag(name)) return refuse(412, 'precondition-failed');
      if (request.method === 'DELETE') {
        (this as Record<string, unknown>)[list] = this[list].filter(({ id }) => id !== key);
        return { status: 204 };
      }
      this.change(list, key, request.body as object);
      return { ...this.#answerOne(list, key, { ...request, method: 'GET' }) };
    }
    return { status: 200, body: row, etag: this.#etag(name) };
  }

  #make(list: 'agents' | 'groups' | 'hours', body: unknown): FakeAnswer {
    if (list === 'agents') {
      const { username } = body as AgentAccount;
      if (this.agents.some((one) => one.username === username)) return refuse(409, 'taken');
      const agent = fakeAgent(this.agents.length + 1, body as Partial<AgentAccount>);
      this.agents = [...this.agents, agent];
      const passwordLink = {
        link: 'https://desk.example.com/admin/password#code',
        expiresAt: Date.UTC(2030, 0, 1),
      };
      return { status: 201, body: { agent, passwordLink }, etag: '"0"' };
    }
    const { id } = body as { id: string };
    if ((this[list] as { id: string }[]).some((one) => one.id === id)) return refuse(409, 'taken');
    const made =
      list === 'groups'
        ? fakeGroup(id, body as Partial<SkillGroup>)
        : fakeHours(id, body as Partial<Hours>);
    (this[list] as unknown[]).push(made);
    return { status: 201, body: made, etag: '"0"' };
  }

  #page(rows: readonly object[], query: URLSearchParams) {
    const words = (query.get('q') ?? '').toLowerCase();
    const sort = query.get('sort') ?? '';
    const field = sort.replace('-', '') as never;
    const found = rows
      .filter((row) => JSON.stringify(Object.values(row)).toLowerCase().includes(words))
      .sort((a, b) => (sort ? String(a[field]).localeCompare(String(b[field])) : 0));
    if (sort.startsWith('-')) found.reverse();
    const start = Number(query.get('cursor') ?? 0);
    const end = start + this.pageRows;
    return { items: found.slice(start, end), cursor: end < found.length ? String(end) : null };
  }

  #version(name: string): number {
    return this.#versions.get(name) ?? 0;
  }

  #etag(name: string): string {
    return `"${this.#version(name)}"`;
  }
}

export const refuse = (status: number, code: string): FakeAnswer => ({
  status,
  body: { code, message: code },
});
