/** The longest address of a page that is stored, in bytes. */
export const MAX_PAGE_BYTES = 512;

/**
 * The address of the visitor's page as agents see it: without query and fragment, which may hold what no agent should
 * see, and at most 512 bytes long. A longer one loses its last path segments. The limit is applied after the URL is
 * parsed, because parsing encodes each character of other scripts in up to 12 bytes. Null for anything but a web
 * address.
 */
export function pageAddress(page: string | undefined): string | null {
  if (page === undefined || !URL.canParse(page)) return null;
  const { protocol, origin, pathname } = new URL(page);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const address = origin + pathname;
  // A parsed address is ASCII, so that its length is its number of bytes.
  if (address.length <= MAX_PAGE_BYTES) return address;
  const end = address.lastIndexOf('/', MAX_PAGE_BYTES - 1);
  return end < origin.length ? null : address.slice(0, end + 1);
}
