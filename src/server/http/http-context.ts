import type { TSchema } from '@sinclair/typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Shape } from '../../protocol/schema.ts';
import type { Database } from '../database/database.ts';
import type { TokenBuckets } from '../rate-limits/token-buckets.ts';
import type { TrustedProxies } from '../rate-limits/trusted-proxies.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import type { RecordingFolder } from '../recordings/recording-folder.ts';
import type { RecordingFiles } from '../tencent/recording-files.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { Settings } from '../settings/settings.ts';

/** A route's TypeBox schemas give the types of its params, query, body and answers. */
interface TypeBoxTypeProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Shape<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? Shape<this['schema']> : unknown;
}

/** A Fastify instance whose routes are typed by their TypeBox schemas. */
export type HttpApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What the routes see of the server that they belong to. */
export interface HttpContext {
  readonly database: Database;
  /** The server's signing key. */
  readonly key: Uint8Array;
  /** For the rooms that are made here. */
  readonly media: RoomMedia;
  readonly settings: Pick<
    Settings,
    'publicUrl' | 'metricsToken' | 'demo' | 'trtc' | 'turn' | 'dataDir'
  >;
  readonly recordingFolder: RecordingFolder;
  /** Null: no keys of an object store are set. */
  readonly objectStorage: ObjectStorage | null;
  /** The files that TRTC's cloud has stored. Null or unset: this server has no keys for them. */
  readonly cloudFiles?: RecordingFiles | null;
  readonly buckets: TokenBuckets;
  readonly proxies: TrustedProxies;
  readonly logger: Logger;
  /** Every part of the server registers its metrics here. */
  readonly registry: Registry;
  /** True once the server was told to stop. */
  stopping(): boolean;
  /** The offers that this node has made. */
  matched(): number;
  /** Where the built scripts and the demo's pages are. */
  readonly browserFolder: string;
  readonly demoFolder: string;
}
