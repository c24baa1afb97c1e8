import type { Flow } from '../../protocol/flow.ts';
import type {
  FlowFault,
  FlowRecord,
  FlowTrial,
  FlowTrialResult,
  FlowVersionSummary,
} from '../../protocol/rest/flows.ts';
import type { RestClient, Versioned } from '../rest/rest-client.ts';

/** One flow over REST. */
export class FlowRest {
  readonly #path: string;

  constructor(
    private readonly rest: RestClient,
    id: string,
  ) {
    this.#path = `/flows/${encodeURIComponent(id)}`;
  }

  read(signal?: AbortSignal): Promise<Versioned<FlowRecord>> {
    return this.rest.read(this.#path, {}, signal);
  }

  /** Under the version that was read; null makes the flow. */
  save(name: string, document: Flow, etag: string | null): Promise<Versioned<FlowRecord>> {
    return this.rest.send(this.#path, {
      method: 'PUT',
      body: { name, document },
      ...(etag !== null && { ifMatch: etag }),
    });
  }

  async check(document: Flow): Promise<readonly FlowFault[]> {
    const { body } = await this.rest.send<{ faults: readonly FlowFault[] }>(`${this.#path}/check`, {
      method: 'POST',
      body: { document },
    });
    return body.faults;
  }

  async publish(etag: string): Promise<number> {
    const { body } = await this.rest.send<{ version: number }>(`${this.#path}/publish`, {
      method: 'POST',
      ifMatch: etag,
    });
    return body.version;
  }

  async rollBack(version: number, etag: string): Promise<void> {
    const body = { version };
    await this.rest.send(`${this.#path}/roll-back`, { method: 'POST', body, ifMatch: etag });
  }

  async versions(): Promise<readonly FlowVersionSummary[]> {
    const { versions } = await this.rest.get<{ versions: readonly FlowVersionSummary[] }>(
      `${this.#path}/versions`,
    );
    return versions;
  }

  version(version: number): Promise<Flow> {
    return this.rest.get(`${this.#path}/versions/${version}`);
  }

  async try(trial: FlowTrial): Promise<FlowTrialResult> {
    const { body } = await this.rest.send<FlowTrialResult>(`${this.#path}/try`, {
      method: 'POST',
      body: trial,
    });
    return body;
  }
}
