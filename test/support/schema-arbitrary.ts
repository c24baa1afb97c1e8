import { Kind, OptionalKind, type TSchema } from '@sinclair/typebox';
import fc, { type Arbitrary } from 'fast-check';

/** Random values that fit a schema of the protocol. Throws for an unknown kind of schema. */
export function fitting(schema: TSchema): Arbitrary<unknown> {
  switch (schema[Kind]) {
    case 'Literal':
      return fc.constant(schema['const'] as unknown);
    case 'Null':
      return fc.constant(null);
    case 'Boolean':
      return fc.boolean();
    case 'Integer':
      return fc.integer({
        min: (schema['minimum'] as number | undefined) ?? 0,
        max: (schema['maximum'] as number | undefined) ?? Number.MAX_SAFE_INTEGER,
      });
    case 'Number':
      return fc.double({
        min: (schema['minimum'] as number | undefined) ?? 0,
        max: (schema['maximum'] as number | undefined) ?? Number.MAX_SAFE_INTEGER,
        noNaN: true,
      });
    case 'String':
      return text(schema);
    case 'Union':
      return fc.oneof(...(schema['anyOf'] as TSchema[]).map(fitting));
    case 'Unknown':
      return fc.jsonValue({ maxDepth: 4 });
    // `OneOf` of the protocol.
    case 'Unsafe':
      return fc.constantFrom(...(schema['enum'] as unknown[]));
    case 'Array':
      return fc.array(fitting(schema['items'] as TSchema), {
        minLength: (schema['minItems'] as number | undefined) ?? 0,
        maxLength: (schema['maxItems'] as number | undefined) ?? 5,
      });
    case 'Record':
      return record(schema);
    case 'Object':
      return object(schema['properties'] as Record<string, TSchema>);
    default:
      throw new Error(`unknown kind of schema: ${schema[Kind]}`);
  }
}

function text(schema: TSchema): Arbitrary<string> {
  const { pattern, minLength, maxLength } = schema as { [name: string]: unknown };
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  return fc.string({
    unit: fc.constantFrom('a', '字', '\u202e', '\u0000', '\ud800', '<b>', '"', '\\', '\n', '😀'),
    minLength: Number(minLength ?? 0),
    maxLength: Math.min(Number(maxLength ?? 100), 100),
  });
}

function record(schema: TSchema): Arbitrary<unknown> {
  const [[pattern, value] = ['^.*$', { [Kind]: 'Unknown' } as TSchema]] = Object.entries(
    schema['patternProperties'] as Record<string, TSchema>,
  );
  const key = fc.oneof(fc.stringMatching(new RegExp(pattern)), fc.constantFrom('device', '设备'));
  return fc.dictionary(key, fitting(value), { maxKeys: 5, noNullPrototype: true });
}

function object(properties: Record<string, TSchema>): Arbitrary<unknown> {
  const names = Object.keys(properties);
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, fitting(schema)]),
  );
  const requiredKeys = names.filter((name) => !properties[name]?.[OptionalKind]);
  return fc.record(fields, { requiredKeys, noNullPrototype: true });
}
