/**
 * The pinned copy of rtc-desk.js, which the server serves at `/v/<version>/rtc-desk.js`. It is rtc-desk.js
 * with another function that loads chunks: the one of src/embed/verified-chunks.ts, which also checks them.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import { LOADER, LOAD_CHUNK } from './chunk-loader.mjs';

/** The file of the copy in the folder of the bundles. */
export const PINNED_COPY = 'rtc-desk.pinned.js';

const BUTTON = 'rtc-desk.js';
const FOLDER = 'chunks/';

/** @param {string | Uint8Array} content */
const hashOf = (content) => `sha256-${createHash('sha256').update(content).digest('base64')}`;

/**
 * Emits the copy, and a chunk with the hashes of all others. The copy itself has the hashes of that one and of the
 * call, because a call on the built-in media needs no other chunk.
 * @param {string} source the path of verified-chunks.ts
 * @returns {import('rollup').Plugin}
 */
export const pinnedCopy = (source) => ({
  name: 'pinned-copy',
  async generateBundle(_, bundle) {
    /** @type {Record<string, string[]>} */
    const hashes = {};
    let call = '';
    for (const [file, output] of Object.entries(bundle)) {
      if (!file.startsWith(FOLDER) || !file.endsWith('.js')) continue;
      const name = file.slice(FOLDER.length);
      if (output.name === 'call') call = name;
      const content = output.type === 'chunk' ? output.code : output.source;
      const imports = output.type === 'chunk' ? output.imports.filter((one) => one !== BUTTON) : [];
      hashes[name] = [hashOf(content), ...imports.map((one) => one.slice(FOLDER.length))];
    }
    const first = { [call]: hashes[call] };
    delete hashes[call];
    // The call is loaded before all others, so that none has to check it again.
    for (const entry of Object.values(hashes)) {
      if (entry.includes(call)) entry.splice(entry.indexOf(call), 1);
    }
    const list = `export default ${JSON.stringify(hashes)};`;
    const listName = `hashes-${createHash('sha256').update(list).digest('hex').slice(0, 8)}.js`;
    first[listName] = [hashOf(list)];
    // As constants in front: esbuild would make a `var` of an object in `define`, which no block keeps to itself.
    const constants = `const FIRST_HASHES=${JSON.stringify(first)},HASHES_CHUNK=${JSON.stringify(listName)};`;
    const { code } = await transform(constants + (await readFile(source, 'utf8')), {
      loader: 'ts',
      minify: true,
      format: 'esm',
      target: 'es2022',
      charset: 'utf8',
    });
    const button = bundle[BUTTON].code;
    if (!button.includes(LOADER)) this.error('the function that loads chunks is missing');
    const copy = `${button.replace(LOADER, `let ${LOAD_CHUNK};`)}{${code.trim()}}`;
    this.emitFile({ type: 'asset', fileName: FOLDER + listName, source: list });
    this.emitFile({ type: 'asset', fileName: PINNED_COPY, source: copy });
  },
});
