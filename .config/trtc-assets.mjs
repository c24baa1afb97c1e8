/**
 * The files that TRTC's virtual background fetches: a program that separates people from the background (WebAssembly,
 * 9.6 MB, 2.9 MB compressed), its loader, and its model. They lie beside the chunks, in a folder whose name contains a
 * hash of them, so that browsers may cache them for ever.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The other files of the SDK are for other plugins, for face tracking, and for browsers from before 2021. */
const MODEL = 'selfie_segmenter_landscape.tflite';
const PROGRAM = 'vision_wasm_internal.wasm';
const LOADER = 'vision_wasm_internal.js';

/**
 * The SDK's loader is a script. It becomes a module, because it is imported (sdk-chunks.mjs). It accepts only the program
 * with the hash of this build.
 */
const AS_MODULE = [
  { find: /\nif \(typeof exports === 'object'[\s\S]*$/, put: '\nexport { ModuleFactory };\n' },
  {
    find: /if\(typeof custom_dbg==="undefined"\)\{(function custom_dbg\(text\)\{[^}]+\})\}/,
    put: '$1',
  },
  // The loader fetches nothing but the program, in two ways.
  { find: /credentials:"same-origin"\}\)\.then/g, put: 'integrity:"HASH",$&' },
];

/** The module that exports their address. */
const ADDRESS = /\/media\/trtc\/assets\.ts$/;

/** The files by the names under which they are requested. The program stays compressed. */
async function readAssets(root) {
  const read = (name) => readFile(join(root, 'node_modules/trtc-sdk-v5/assets/mediapipe', name));
  const program = await read(`${PROGRAM}.gz`);
  const hash = createHash('sha256').update(gunzipSync(program)).digest('base64');
  let loader = gunzipSync(await read(`${LOADER}.gz`)).toString();
  for (const { find, put } of AS_MODULE) {
    if (!find.test(loader))
      throw new Error(`${LOADER} has changed: check the patterns of .config/trtc-assets.mjs`);
    loader = loader.replace(find, put.replace('HASH', `sha256-${hash}`));
  }
  return {
    [MODEL]: await read(MODEL),
    [LOADER]: loader,
    [`${PROGRAM}.gz`]: program,
  };
}

/**
 * Emits the files, and gives the bundle their address.
 * @param {string} root of this project
 * @returns {import('rollup').Plugin}
 */
export function trtcAssets(root) {
  /** @type {Record<string, string | Buffer>} */
  let assets = {};
  let folder = '';
  return {
    name: 'trtc-assets',
    async buildStart() {
      assets = await readAssets(root);
      const hash = createHash('sha256');
      for (const [name, content] of Object.entries(assets)) hash.update(name).update(content);
      folder = `trtc-assets-${hash.digest('hex').slice(0, 8)}`;
    },
    load(id) {
      if (!ADDRESS.test(id.split('\\').join('/'))) return null;
      return `export const TRTC_ASSETS = new URL('./${folder}', import.meta.url).href;`;
    },
    generateBundle() {
      for (const [name, source] of Object.entries(assets)) {
        // The SDK requests them below `mediapipe/`.
        this.emitFile({ type: 'asset', fileName: `chunks/${folder}/mediapipe/${name}`, source });
      }
    },
  };
}
