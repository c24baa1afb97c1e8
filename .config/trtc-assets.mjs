/**
 * What TRTC's virtual background fetches while it works, and no script can hold: a program that tells people from what
 * is behind them (WebAssembly, 9.6 MB, 2.9 compressed), its loader, and the model that it works with. They lie beside
 * the chunks, in a folder that is named after what is in it, so that browsers may keep it for ever.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Of the SDK's: the rest is for other plugins, for pointing the camera at faces, and for browsers before 2021. */
const MODEL = 'selfie_segmenter_landscape.tflite';
const PROGRAM = 'vision_wasm_internal.wasm';
const LOADER = 'vision_wasm_internal.js';

/** The loader is a script, ours is imported (sdk-chunks.mjs). So it says what it leaves, and is as strict as modules are. */
const AS_MODULE = [
  { find: /\nif \(typeof exports === 'object'[\s\S]*$/, put: '\nexport { ModuleFactory };\n' },
  {
    find: /if\(typeof custom_dbg==="undefined"\)\{(function custom_dbg\(text\)\{[^}]+\})\}/,
    put: '$1',
  },
];

/** The module that says where they are. */
const ADDRESS = /\/media\/trtc\/assets\.ts$/;

/** By the name under which they are asked for; the program as it comes, compressed. */
async function readAssets(root) {
  const read = (name) => readFile(join(root, 'node_modules/trtc-sdk-v5/assets/mediapipe', name));
  let loader = gunzipSync(await read(`${LOADER}.gz`)).toString();
  for (const { find, put } of AS_MODULE) {
    if (!find.test(loader)) throw new Error(`${LOADER} is not what it was: read it again`);
    loader = loader.replace(find, put);
  }
  return {
    [MODEL]: await read(MODEL),
    [LOADER]: loader,
    [`${PROGRAM}.gz`]: await read(`${PROGRAM}.gz`),
  };
}

/**
 * Brings the files, and tells the bundle their address.
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
        // The SDK asks below `mediapipe/`.
        this.emitFile({ type: 'asset', fileName: `chunks/${folder}/mediapipe/${name}`, source });
      }
    },
  };
}
