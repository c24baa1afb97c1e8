import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import sjson from 'secure-json-parse';
import {
  commandSchemas,
  helloSchemas,
  noticeSchemas,
  type Command,
  type CommandType,
  type Hello,
  type Notice,
} from '../../protocol/client-messages.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

/** A parsed frame. A refused command keeps its id if it can be read, so that its sender gets a result. */
export type ParsedMessage =
  | { readonly kind: 'hello'; readonly message: Hello }
  | { readonly kind: 'command'; readonly message: Command }
  | { readonly kind: 'notice'; readonly message: Notice }
  | {
      readonly kind: 'refused';
      readonly id: string | null;
      readonly code: ErrorCode;
      readonly reason: string;
    };

/** A signal's data is handed on unread. Session descriptions and candidates are never nested so deep. */
const MAX_SIGNAL_DEPTH = 16;
const TOO_DEEP = ['bad-message', 'The signal is nested too deep.'] as const;

const ajv = new Ajv({ strict: true, allErrors: false, ownProperties: true });

const compile = (schemas: Record<string, object>): Map<string, ValidateFunction> =>
  new Map(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));

const hellos = compile(helloSchemas);
const commands = compile(commandSchemas);
const notices = compile(noticeSchemas);

/** Reads one text frame. Never throws: what is wrong becomes a refusal with a code. */
export function parseMessage(frame: string): ParsedMessage {
  let value: unknown;
  try {
    value = sjson.parse(frame, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    // The error's text is of no use to the client: the refusal says what it can do.
    return refuseUnparsed(frame);
  }
  if (!isRecord(value)) return refused(null, 'bad-message', 'A message is a JSON object.');
  return value['type'] === 'hello' ? parseHello(value) : parseKnown(value);
}

function parseHello(value: Record<string, unknown>): ParsedMessage {
  if (typeof value['protocol'] === 'number' && value['protocol'] !== PROTOCOL_VERSION) {
    return refused(null, 'unsupported-protocol', `This server speaks ${PROTOCOL_VERSION}.`);
  }
  const validate = hellos.get(textOf(value['role']));
  if (!validate) return refused(null, 'bad-message', 'Unknown role.');
  if (!validate(value)) return refused(null, 'bad-message', explain(validate));
  return { kind: 'hello', message: value as Hello };
}

function parseKnown(value: Record<string, unknown>): ParsedMessage {
  const type = textOf(value['type']);
  const id = readId(value);
  const command = commands.get(type);
  if (command) {
    if (!isShallow(value['firstSignal'], MAX_SIGNAL_DEPTH)) return refused(id, ...TOO_DEEP);
    if (command(value)) return { kind: 'command', message: value as Command };
    return refused(id, codeFor(type as CommandType, command.errors), explain(command));
  }
  const notice = notices.get(type);
  if (!notice) return refused(id, 'bad-message', 'Unknown message type.');
  if (!notice(value)) return refused(null, 'bad-message', explain(notice));
  if (type === 'signal' && !isShallow(value['data'], MAX_SIGNAL_DEPTH)) {
    return refused(null, ...TOO_DEEP);
  }
  return { kind: 'notice', message: value as Notice };
}

/**
 * A page can hand any params to the element, also `__proto__`. Its request is then answered with `invalid-params`,
 * so that it does not wait for ever. Only the id and the type of the value are used.
 */
function refuseUnparsed(frame: string): ParsedMessage {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return refused(null, 'bad-message', 'The frame is not JSON.');
  }
  if (!isRecord(value)) return refused(null, 'bad-message', 'A forbidden key.');
  const code = value['type'] === 'request-call' ? 'invalid-params' : 'bad-message';
  return refused(readId(value), code, 'A forbidden key.');
}

function codeFor(type: CommandType, errors: ErrorObject[] | null | undefined): ErrorCode {
  const inParams = errors?.some((error) => error.instancePath.startsWith('/params'));
  return type === 'request-call' && inParams ? 'invalid-params' : 'bad-message';
}

function explain(validate: ValidateFunction): string {
  const error = validate.errors?.[0];
  // The path begins with fields of our own schema. It is cut, since the client's keys follow; values are never told.
  return error ? `${error.instancePath.slice(0, 64)} ${error.message ?? ''}`.trim() : 'Not valid.';
}

function refused(id: string | null, code: ErrorCode, reason: string): ParsedMessage {
  return { kind: 'refused', id, code, reason };
}

/** Not by String(), which overflows the stack on an array that is nested ten thousand deep. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function readId(value: Record<string, unknown>): string | null {
  const id = value['id'];
  return typeof id === 'string' && id.length > 0 && id.length <= 64 ? id : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  return Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
