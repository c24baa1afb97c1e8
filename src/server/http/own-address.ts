import type { HttpContext } from './http-context.ts';

/** Where people reach this server, for a link: the public address, else the one that the request was sent to. */
export function ownAddress(
  { host, protocol }: { readonly host: string; readonly protocol: string },
  { settings }: Pick<HttpContext, 'settings'>,
): string {
  return settings.publicUrl?.replace(/\/$/, '') ?? `${protocol}://${host}`;
}
