/**
 * Building blocks of the wire's schemas. Each message and view has one TypeBox schema; its type follows
 * from it. The server compiles the schemas. A browser imports the types alone (a lint rule keeps it so).
 */
import { Type, type Static, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';
import { limits } from './limits.ts';

type DeepReadonly<T> = T extends readonly (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The type of a schema. Messages and views are never changed once they are made. */
export type Shape<S extends TSchema> = DeepReadonly<Static<S>>;

/** An object with these properties and no others. */
export const closed = <P extends TProperties>(properties: P): TObject<P> =>
  Type.Object(properties, { additionalProperties: false });

/** The schema with words of its own at the place where it is used. */
export const described = <S extends TSchema>(schema: S, description: string): S => ({
  ...schema,
  description,
});

export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** One of these strings. */
export const OneOf = <T extends string>(...values: readonly T[]) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values] });

export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});
export const CommandId = Type.String({ minLength: 1, maxLength: 64 });
export const Slug = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' });
export const Token = Type.String({ minLength: 1, maxLength: 4096 });
export const RoomNumber = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
export const ParticipantId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' });
/** The sequence of a chat message in its room; 0 stands for none. */
export const Sequence = Type.Integer({ minimum: 0 });
/** Milliseconds since 1970 by the database's clock. */
export const Time = Type.Number();
/** At least 200 random bits. The visitor's client makes it; the server stores its hash. */
export const ResumeToken = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
/** 128 random bits in base64url. The server makes it, and stores its hash. */
export const HandOverCode = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' });
/** The SHA-256 of what a visitor agrees to, in hex. */
export const ConsentVersion = Type.String({ pattern: '^[0-9a-f]{64}$' });
/** Keys have 1 to 64 characters. The server also counts the bytes of the whole. */
export const Params = Type.Record(
  Type.String({ pattern: '^[^]{1,64}$' }),
  Type.String({ maxLength: limits.paramsBytes }),
  { maxProperties: limits.paramsEntries, additionalProperties: false },
);
