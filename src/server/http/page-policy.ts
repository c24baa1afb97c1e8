import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpContext } from './http-context.ts';
import { TENCENT_HOSTS } from './tencent-hosts.ts';

export interface PagePolicy {
  /** Who may show the page in a frame, besides this server's own pages. */
  readonly ancestors?: readonly string[];
  /** Whether it shows pages of this server in frames. */
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
 * Lets a page load what this server has, and nothing else from anywhere; where calls use TRTC, it may connect to
 * Tencent's servers, too, and compile WebAssembly (never text), which a virtual background needs.
 */
export function setPagePolicy(
  { settings }: HttpContext,
  request: FastifyRequest,
  reply: FastifyReply,
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

/** The signaling socket's address: older browsers do not count it as 'self'. */
function socketSources(publicUrl: string | null, host: string | undefined): string[] {
  if (publicUrl) return [publicUrl.replace(/^http/, 'ws')];
  // A Host header is the client's own word, and must not be able to write a directive.
  if (!host || !/^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/.test(host)) return [];
  return [`ws://${host}`, `wss://${host}`];
}
