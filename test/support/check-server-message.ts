import { Ajv } from 'ajv';
import { commandValues, type CommandType } from '../../src/protocol/client-messages.ts';
import { serverMessageSchemas, type ServerMessage } from '../../src/protocol/server-messages.ts';

const ajv = new Ajv({ strict: true, allErrors: true });
const compile = (schemas: Readonly<Record<string, object>>) =>
  new Map(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));
const messages = compile(serverMessageSchemas);
const values = compile(commandValues);

/** Parses a frame of the server. Throws if it is no message of the protocol. */
export function parseServerMessage(frame: string): ServerMessage {
  const message = JSON.parse(frame) as ServerMessage;
  check(messages, message.type, message);
  return message;
}

/** Throws if a result does not carry what the protocol says for this command. */
export function checkCommandValue(type: CommandType, value: unknown): void {
  check(values, type, value);
}

function check(validators: ReturnType<typeof compile>, name: string, value: unknown): void {
  const validate = validators.get(name);
  if (!validate) throw new Error(`The protocol has no ${name}.`);
  if (validate(value)) return;
  throw new Error(
    `${name} is not of its schema: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(value)}`,
  );
}
