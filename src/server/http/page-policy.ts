import type { FastifyRequest } from 'fastify';
import type { HttpContext } from './http-context.ts';
import { TENCENT_HOSTS } from './tencent-hosts.ts';

export interface PagePolicy {
  /** Origins that may show the page in a frame, besides this server's own. */
  readonly ancestors?: readonly string[];
  /** Whether the page shows pages of this server in frames. */
  readonly frames?: boolean;
}

const FEATURES = [
  'camera=(self)',
  'microphone=(self)',
  'display-capture=(self)',
  'autoplay=(self)',
  'fullscreen=(self)',
  'picture-in-picture=(self)',
  'geolocation=()',
  'payment=()',
  'usb=()',
  'serial=()',
  'hid=()',
  'midi=()',
].join(', ');

/**
 * Sets the content security policy of a page: it loads from this server only. If calls use TRTC, it may also connect
 * to Tencent's servers, and compile WebAssembly (never text), which a virtual background needs.
 */
export function setPagePolicy(
  { settings }: HttpContext,
  request: Pick<FastifyRequest, 'headers'>,
  reply: { headers(values: Record<string, string>): unknown },
  { ancestors = [], frames = false }: PagePolicy,
): void {
  const clouds = settings.trtc ? TENCENT_HOSTS : [];
  const directives = [
    "default-src 'none'",
    `script-src 'self'${settings.trtc ? " 'wasm-unsafe-eval'" : ''}`,
    [
      'connect-src',
      "'self'",
      ...socketSources(settings.publicUrl, request.headers.host),
      ...clouds,
    ].join(' '),
    "img-src 'self'",
    "media-src 'self'",
    "style-src 'self'",
    ...(frames ? ["frame-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${["'self'", ...ancestors].join(' ')}`,
    "require-trusted-types-for 'script'",
  ];
  void reply.headers({
    'content-security-policy': directives.join('; '),
    'permissions-policy': FEATURES,
  });
}

/** The address of the signaling socket. Older browsers do not count it as 'self'. */
function socketSources(publicUrl: string | null, host: string | undefined): string[] {
  if (publicUrl) return [publicUrl.replace(/^http/, 'ws')];
  // The client chooses the Host header, and it must not be able to add a directive.
  if (!host || !/^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/.test(host)) return [];
  return [`ws://${host}`, `wss://${host}`];
}
