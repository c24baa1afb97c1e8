import type { Flow } from '../../../protocol/flow.ts';
import type { FlowRest } from '../../flows/flow-rest.ts';
import { RestError } from '../../rest/rest-error.ts';

/** A flow as a file: what export writes and import reads. It is also what `PUT /flows/{id}` takes. */
interface FlowFile {
  readonly name: string;
  readonly document: Flow;
}

/** Lets the browser save the flow as a file. */
export function exportFlow(id: string, file: FlowFile): void {
  const blob = new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${id}.flow.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The document in a file's text, as far as the server accepts its form. Null: the file is something else. */
export async function importFlow(text: string, rest: FlowRest): Promise<Flow | null> {
  const flow = readFlowFile(text);
  if (!flow) return null;
  try {
    // The server knows the form of a flow exactly. What it finds else is for `Check`.
    await rest.check(flow);
    return flow;
  } catch (error) {
    if (error instanceof RestError && error.code === 'bad-message') return null;
    throw error;
  }
}

/** The document in a file: an export, or a document alone. */
function readFlowFile(text: string): Flow | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null; // the page says that the file is no flow
  }
  const flow = isRecord(found) && isRecord(found['document']) ? found['document'] : found;
  const isFlow = isRecord(flow) && flow['schema'] === 1 && isRecord(flow['nodes']);
  return isFlow ? (flow as unknown as Flow) : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
