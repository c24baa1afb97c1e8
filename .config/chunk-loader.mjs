/**
 * How the built scripts load their chunks: by one function, which rtc-desk.js exports. In the pinned copy of
 * rtc-desk.js (pinned-copy.mjs) that function also checks each chunk.
 */

/** The function's name in all scripts. `$l(chunk)` loads the file of that name from the folder `chunks`. */
export const LOAD_CHUNK = '$l';

/** Where rtc-desk.js is, from the folder of the chunks. */
const BUTTON = '../rtc-desk.js';

/** Chunks that a call on the built-in media loads on demand, and that none of its other scripts imports. */
const LEAF =
  /^(?:define-(?:chat|device-notes|emoji-picker)|room-notices|ask-before-leaving|draw-outcome|adaptation|media-modes|open-device-menu|desk-chat|room-pictures|browser-request|error-texts|screen-capture)-/;

/** The loader of TRTC's virtual background (sdk-chunks.mjs), which lies in a folder below `chunks`. */
const IMPORTED_ASSET = /\bimport\((\w+)\.toString\(\)\)/g;

const IMPORT = /\bimport\("\.\/(?:chunks\/)?([^"]+)"\)/g;

/**
 * A browser does not request a module again whose load failed (Chromium before 148, and all others). So a leaf is
 * loaded under another address if the first load fails: `b` is 1 for it.
 */
export const LOADER = `let ${LOAD_CHUNK}=(a,b)=>import(a="./chunks/"+a).catch(c=>{if(b)return import(a+"?"+Date.now());throw c});`;

/**
 * Replaces each dynamic import of a chunk by a call of the function.
 * @returns {import('rollup').Plugin}
 */
export const chunkLoader = () => ({
  name: 'chunk-loader',
  renderChunk(code, chunk) {
    if (code.includes(LOAD_CHUNK + '(')) this.error(`the name ${LOAD_CHUNK} is taken`);
    const changed = code
      .replace(IMPORT, (_, name) => `${LOAD_CHUNK}("${name}"${LEAF.test(name) ? ',1' : ''})`)
      .replace(IMPORTED_ASSET, `${LOAD_CHUNK}(String($1).split("/chunks/")[1])`);
    if (chunk.name === 'rtc-desk') {
      return { code: `${LOADER}${changed.trimEnd()}export{${LOAD_CHUNK}};`, map: null };
    }
    if (changed === code) return null;
    const button = chunk.isEntry ? './rtc-desk.js' : BUTTON;
    return { code: `import{${LOAD_CHUNK}}from"${button}";${changed}`, map: null };
  },
});
