/**
 * The end of the pinned copy of rtc-desk.js, which is served at `/v/<version>/rtc-desk.js`. The build appends it
 * there (.config/pinned-copy.mjs).
 *
 * The `integrity` of a script tag covers one file and not what that file imports. An import map could hold further
 * hashes, but it stands in the page, where a strict policy forbids inline scripts. So each chunk is loaded by a
 * `modulepreload` link with `integrity` first. The browser keeps the checked module for the address, and `import`
 * gives that module without another request. What a chunk imports is checked before the chunk itself.
 */

/** The hash of a chunk, then the chunks that it imports. */
type Hashes = Readonly<Record<string, readonly [integrity: string, ...imports: string[]]>>;

/** `again` is 1 for a chunk that may be loaded under another address after a failure. */
type LoadChunk = (chunk: string, again?: 1) => Promise<unknown>;

/** The variable of rtc-desk.js that holds the function (.config/chunk-loader.mjs). */
// eslint-disable-next-line prefer-const
declare let $l: LoadChunk;

/** The hashes of the call and of `HASHES_CHUNK`. */
declare const FIRST_HASHES: Hashes;

/** The chunk with the hashes of all other chunks. */
declare const HASHES_CHUNK: string;

function preload(href: string, integrity: string): Promise<unknown> {
  const link = document.createElement('link');
  return new Promise((onload, onerror) => {
    document.head.append(
      Object.assign(link, { rel: 'modulepreload', integrity, onload, onerror, href }),
    );
    // An older browser ignores the link.
    if (!link.relList.supports(link.rel)) onerror();
  }).finally(() => link.remove());
}

/** A link does not tell why it failed. True: the file is there, and is another one. Rejects without a connection. */
function hasChanged(address: string, integrity: string): Promise<boolean> {
  return fetch(address, { integrity }).then(
    () => false,
    async () => (await fetch(address)).ok,
  );
}

/** Loads a chunk after all that it imports. Rejects if one of them cannot be loaded or has another hash. */
async function load(chunk: string, query = ''): Promise<unknown> {
  const [integrity, ...imports] = (FIRST_HASHES[chunk] ??
    ((await $l(HASHES_CHUNK)) as { default: Hashes }).default[chunk])!;
  await Promise.all(imports.map((name) => load(name)));
  const { href } = new URL(`chunks/${chunk}${query}`, import.meta.url);
  try {
    await preload(href, integrity);
  } catch {
    const changed = await hasChanged(href, integrity);
    throw Object.assign(Error(chunk), changed && { code: 'script-changed' });
  }
  return import(href);
}

$l = (chunk, again) =>
  load(chunk).catch((error: { code?: string }) => {
    if (error.code || !again) throw error;
    return load(chunk, `?${Date.now()}`);
  });
