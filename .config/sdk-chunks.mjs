/** The chunks of Tencent's SDKs. Each holds nothing of ours, and is loaded by a call that uses it. */
const SDKS = {
  'trtc-sdk': /\/node_modules\/(trtc-sdk-v5\/trtc\.esm\.js|webrtc-adapter\/|sdp\/)/,
  'trtc-watermark': /\/node_modules\/trtc-sdk-v5\/plugins\/video-effect\/watermark\//,
  'trtc-virtual-background':
    /\/node_modules\/trtc-sdk-v5\/(plugins\/video-effect\/virtual-background|assets\/mediapipe)\//,
  'trtc-transcriber': /\/node_modules\/trtc-sdk-v5\/plugins\/realtime-transcriber\//,
  'tim-sdk': /\/node_modules\/tim-js-sdk\//,
  'tim-upload': /\/node_modules\/tim-upload-plugin\//,
};

/** A helper that both SDKs import. It has a chunk of its own, so that loading one SDK does not load the other. */
const WRAPPING = '\0commonjsHelpers.js';

/** @param {string} path of a module, with `/` as separator */
export const sdkOf = (path) =>
  path === WRAPPING ? 'sdk-wrapping' : Object.keys(SDKS).find((name) => SDKS[name].test(path));

/** @param {{ name: string }} chunk */
export const isSdkChunk = ({ name }) => name in SDKS;

/**
 * Keeps a plugin away from the SDKs. They are minified already, and the plugin would need a minute for them.
 * @param {import('rollup').Plugin} plugin
 * @returns {import('rollup').Plugin}
 */
export const exceptSdks = (plugin) => ({
  ...plugin,
  renderChunk(code, chunk, ...rest) {
    return isSdkChunk(chunk) ? null : plugin.renderChunk.call(this, code, chunk, ...rest);
  },
});

/**
 * Code of the SDKs that a strict content security policy does not allow, by the end of the file's path. `put` replaces
 * `find`.
 */
const STRICT = {
  '/trtc-sdk-v5/trtc.esm.js': [
    // When it is loaded, it first writes four `dns-prefetch` links into the page as HTML. Under
    // `require-trusted-types-for 'script'` that throws, and the SDK does not load. The links are only hints to the
    // browser. The only other HTML that it writes is its dialog about blocked sound, which is switched off.
    {
      find: /typeof document!="undefined"&&document\.head\.insertAdjacentHTML\("beforeend",Object\.values\(\w+\)\.map\(\w+=>`<link rel="dns-prefetch" href="https:\/\/\$\{\w+\}">`\)\.join\(`[^`]*`\)\);/g,
      put: '',
    },
    // Some timers run in a worker from a blob: address, for example the one that measures how loud everyone is. Timers
    // of the page replace them.
    { find: /\.run\("intervalInWorker"/g, put: '.run("interval"' },
    // A picture that lies over the camera goes through a data: address again; see the watermark plugin below.
    { find: /,\w+\((\w+)\.toDataURL\(\)\)\}\)\}pushWaterMark/g, put: ',$1})}pushWaterMark' },
  ],
  // The plugin gives its picture to the SDK as a data: address, which a strict page does not load. The SDK also takes a
  // canvas, if it has the property `complete` as an image has.
  '/trtc-sdk-v5/plugins/video-effect/watermark/watermark.esm.js': [
    { find: /,(\w+)\.toDataURL\("image\/png"\)/g, put: ',$1.complete=!0,$1' },
  ],
  // The constructor fetches the files before the plugin knows whether it may be used, and nobody handles a failure of
  // that. After a failure the plugin never tries again. The replacement fetches at first use, and tries again.
  '/trtc-sdk-v5/plugins/video-effect/virtual-background/virtual-background.esm.js': [
    {
      find: /,(\w+)\.assetsPath&&\(this\.preLoadPromise=this\.preload\(\1\.assetsPath\)\)/g,
      put: '',
    },
    {
      find: /await this\.preLoadPromise;/g,
      put: 'await this.preLoadPromise.catch((error)=>{delete this.preLoadPromise;throw error});',
    },
  ],
  // The plugin's library. A strict page neither runs a script element with a plain address nor fetches a blob:. So the
  // loader is imported as a module, and our server sends the files unpacked (trtc-assets.mjs). The library then needs no
  // policy of Trusted Types.
  '/trtc-sdk-v5/assets/mediapipe/vision.js': [
    {
      find: /if \("function" != typeof importScripts\) \{\s+const (\w+) = document\.createElement\("script"\);[\s\S]+?importScripts\((\w+)\.toString\(\)\);/g,
      put: 'self.ModuleFactory = (await import($2.toString())).ModuleFactory;',
    },
    { find: /\.(wasm|js)\.gz`/g, put: '.$1`' },
    {
      find: /let decompressed;\s+if \(isGz\) \{[\s\S]+?return URL\.createObjectURL\(decompressed\);/g,
      put: 'await response.arrayBuffer(); return url;',
    },
    { find: /= globalThis\.trustedTypes;/g, put: '= void 0;' },
  ],
  // IM runs its timer and its socket in a worker from a blob:, which a strict policy forbids and Trusted Types turn into
  // an exception. If the SDK finds no workers, it works without them.
  '/tim-js-sdk/tim-js.es.js': [{ find: /"undefined"!=typeof Worker/g, put: '!1' }],
};

/**
 * Applies the replacements. The build fails if an SDK's code has changed and a pattern finds nothing.
 * @returns {import('rollup').Plugin}
 */
export const sdksForStrictPages = () => ({
  name: 'sdks-for-strict-pages',
  transform(code, id) {
    const path = id.split('\\').join('/');
    const file = Object.keys(STRICT).find((end) => path.endsWith(end));
    if (!file) return null;
    let strict = code;
    for (const { find, put } of STRICT[file]) {
      const before = strict;
      strict = strict.replace(find, put);
      if (strict === before)
        this.error(`${file} has changed: check the patterns of .config/sdk-chunks.mjs`);
    }
    return { code: strict, map: null };
  },
});
