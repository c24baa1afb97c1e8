/** Where a visitor's resume token is kept: all pages of one origin share it, for one desk and site. */
export function resumeKey(server: string, site: string): string {
  return `rtc-desk:resume:${new URL(server).origin}:${site}`;
}
