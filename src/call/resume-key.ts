/** The storage key of a visitor's resume token, for one desk and site. `desk` is the desk's root address. */
export function resumeKey(desk: string, site: string): string {
  return `rtc-desk:resume:${desk}:${site}`;
}
