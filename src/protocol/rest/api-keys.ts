import { Type } from '@sinclair/typebox';
import { closed, Nullable, OneOf, Uuid, type Shape } from '../schema.ts';
import { KeyName } from './fields.ts';
import { page, PageQuery, SearchText, sortBy } from './paging.ts';
import { ApiScope } from './permissions.ts';

const Time = Type.Number({ description: 'Ms since 1970.' });

export const ApiKey = closed({
  id: Uuid,
  name: Type.String(),
  start: Type.String({ description: 'The first characters of the key, to know it by.' }),
  scopes: Type.Array(ApiScope),
  createdAt: Time,
  createdBy: Type.Union([Type.String(), Type.Null()], { description: 'A username.' }),
  lastUsedAt: Type.Union([Time, Type.Null()], { description: 'Exact to a minute.' }),
  revokedAt: Nullable(Time),
});
export type ApiKey = Shape<typeof ApiKey>;

export const ApiKeyQuery = Type.Object({
  ...PageQuery,
  q: SearchText,
  state: Type.Optional(OneOf('active', 'revoked')),
  sort: sortBy('name', 'createdAt', 'lastUsedAt'),
});
export const ApiKeyPage = page(ApiKey);
export type ApiKeyPage = Shape<typeof ApiKeyPage>;

export const NewApiKey = closed({
  name: KeyName,
  scopes: Type.Array(ApiScope, { minItems: 1, uniqueItems: true }),
});
export type NewApiKey = Shape<typeof NewApiKey>;

export const MadeApiKey = closed({
  apiKey: ApiKey,
  key: Type.String({ description: 'rtcd_…. It is shown here and nowhere else.' }),
});
export type MadeApiKey = Shape<typeof MadeApiKey>;
