import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import type { TObject, TSchema } from '@sinclair/typebox';
import { readMeshSignal } from '../../src/media/mesh/signal.ts';
import {
  commandSchemas,
  commandValues,
  helloSchemas,
  noticeSchemas,
} from '../../src/protocol/client-messages.ts';
import { CloseCode } from '../../src/protocol/close-codes.ts';
import { ERROR_CODES } from '../../src/protocol/error-codes.ts';
import { serverMessageSchemas } from '../../src/protocol/server-messages.ts';

const page = readFileSync('src/protocol/PROTOCOL.md', 'utf8');

interface Example extends Record<string, unknown> {
  readonly type: string;
}

const examples = [...page.matchAll(/^```json\n([^]*?)^```$/gm)].map(
  ([, text]) => JSON.parse(text!) as Example,
);

const ajv = new Ajv();

/** The schemas of the messages with this `type`: a signal, for one, goes both ways. */
function schemasOf(example: Example): readonly TSchema[] {
  const { type } = example;
  if (type === 'hello') return [helloSchemas[example['role'] as keyof typeof helloSchemas]];
  const all: readonly Record<string, TSchema>[] = [
    commandSchemas,
    noticeSchemas,
    serverMessageSchemas,
  ];
  return all.flatMap((schemas) => schemas[type] ?? []);
}

describe('PROTOCOL.md', () => {
  for (const [index, example] of examples.entries()) {
    it(`has an example ${index + 1} (${example.type}) that fits its schema`, () => {
      const schemas = schemasOf(example);
      const errors = schemas.map((schema) => {
        return ajv.validate(schema, example) ? null : ajv.errorsText();
      });
      assert.ok(errors.includes(null), errors.join('\n') || 'there is no such message');
    });
  }

  it('has results that carry the values of their commands', () => {
    const results = examples.filter(({ type, ok }) => type === 'result' && ok === true);
    assert.ok(results.length >= 2);
    for (const { id, value } of results) {
      const command = examples.find((one) => one['id'] === id && one.type in commandSchemas);
      const type = command?.type as keyof typeof commandValues;
      assert.ok(ajv.validate(commandValues[type], value), `${type}: ${ajv.errorsText()}`);
    }
  });

  it('has an example of every view', () => {
    const roles = examples.flatMap(
      ({ view }) => (view as { role?: string } | undefined)?.role ?? [],
    );
    assert.deepEqual([...new Set(roles)].sort(), ['agent', 'guest', 'visitor']);
  });

  it('has an example of every signal of the mesh, as a client understands it', () => {
    const signals = examples
      .filter(({ type, data }) => type === 'signal' && !('tool' in (data as object)))
      .map(({ data }) => data);
    for (const data of signals) assert.deepEqual(readMeshSignal(data, 'p1'), data);
    const kinds = signals.map((data) => (data as { kind: string }).kind).sort();
    assert.deepEqual(kinds, ['answer', 'bye', 'candidate', 'offer', 'restart', 'states']);
  });

  it('names every message, and every close code', () => {
    const messages = [commandSchemas, noticeSchemas, serverMessageSchemas].flatMap(Object.keys);
    for (const name of messages) {
      const named = page.includes(`\`${name}\``) || examples.some(({ type }) => type === name);
      assert.ok(named, name);
    }
    for (const code of Object.values(CloseCode)) assert.ok(page.includes(`| ${code} |`), `${code}`);
  });

  it('gives each command its fields, and refusals whose codes exist', () => {
    const codes: ReadonlySet<string> = new Set(ERROR_CODES);
    for (const [command, { properties, required = [] }] of Object.entries<TObject>(
      commandSchemas,
    )) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${command}\` `));
      const [, , , fields, , refusals] = row?.split('|') ?? [];
      const written = namesIn(fields?.replace(/\([^)]*\)/g, ''));
      const wanted = Object.keys(properties)
        .filter((field) => field !== 'type' && field !== 'id')
        .map((field) => (required.includes(field) ? field : `${field}?`));
      // One of the two is required, which a schema of one object cannot say.
      const found = written.map((field) =>
        command === 'chat-send' && /^(text|imageId)$/.test(field) ? `${field}?` : field,
      );
      assert.deepEqual(found.sort(), wanted.sort(), command);
      for (const code of namesIn(refusals)) assert.ok(codes.has(code), `${command}: ${code}`);
    }
  });
});

function namesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
}
