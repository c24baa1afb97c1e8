/** The chunks of Tencent's SDKs. Each holds nothing of ours, and is loaded by a call that uses it. */
const SDKS = {
  'trtc-sdk': /\/node_modules\/(trtc-sdk-v5\/trtc\.esm\.js|webrtc-adapter\/|sdp\/)/,
  'trtc-watermark': /\/node_modules\/trtc-sdk-v5\/plugins\/video-effect\/watermark\//,
  'trtc-virtual-background':
    /\/node_modules\/trtc-sdk-v5\/(plugins\/video-effect\/virtual-background|assets\/mediapipe)\//,
  'tim-sdk': /\/node_modules\/tim-js-sdk\//,
  'tim-upload': /\/node_modules\/tim-upload-plugin\//,
};

/** What both are wrapped in; in a chunk of its own, so that neither is loaded for the other's sake. */
const WRAPPING = '\0commonjsHelpers.js';

/** @param {string} path of a module, with `/` */
export const sdkOf = (path) =>
  path === WRAPPING ? 'sdk-wrapping' : Object.keys(SDKS).find((name) => SDKS[name].test(path));

/** @param {{ name: string }} chunk */
export const isSdkChunk = ({ name }) => name in SDKS;

/**
 * The plugin, without the SDKs: what its maker has minified already only takes it a minute.
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
 * What an SDK does that no strict page allows, by the end of its file's path: each `find` is how it does so, its `put`
 * is said in its place.
 */
const STRICT = {
  '/trtc-sdk-v5/trtc.esm.js': [
    // The first thing that it does when it is loaded: four `dns-prefetch` links, written into the page as HTML. Under
    // `require-trusted-types-for 'script'` that throws, and nothing of the SDK is there. They are a hint to the browser.
    // What else of it writes HTML is its own dialog about blocked sound, which is switched off.
    {
      find: /typeof document!="undefined"&&document\.head\.insertAdjacentHTML\("beforeend",Object\.values\(\w+\)\.map\(\w+=>`<link rel="dns-prefetch" href="https:\/\/\$\{\w+\}">`\)\.join\(`[^`]*`\)\);/g,
      put: '',
    },
    // Its timers that tick in a worker from a blob:, among them the one that tells how loud everyone is. Those of the
    // page itself do as well.
    { find: /\.run\("intervalInWorker"/g, put: '.run("interval"' },
    // What lies over a camera goes through a data: address once more; see its plugin below.
    { find: /,\w+\((\w+)\.toDataURL\(\)\)\}\)\}pushWaterMark/g, put: ',$1})}pushWaterMark' },
  ],
  // The plugin hands its picture to the SDK as a data: address, which no strict page lets it load. The SDK takes a canvas
  // as well, once it is `complete` as an image is.
  '/trtc-sdk-v5/plugins/video-effect/watermark/watermark.esm.js': [
    { find: /,(\w+)\.toDataURL\("image\/png"\)/g, put: ',$1.complete=!0,$1' },
  ],
  // The plugin fetches its files as it is made, before it knows whether it may be used at all, and leaves the failure to
  // whoever hears it; one that failed once, it never fetches again.
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
  // What it works with. No strict page runs a script by a plain address, or fetches from a blob: what is unpacked there in
  // a worker comes unpacked from our server (trtc-assets.mjs), and is fetched ahead only to be there. Its loader is
  // imported. With no script by an address, there is none to be vouched for.
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
  // IM's makes a worker from a blob: for its timer and its socket, which no strict policy allows and trusted types turn
  // into an exception. Told that there are no workers, it does without.
  '/tim-js-sdk/tim-js.es.js': [{ find: /"undefined"!=typeof Worker/g, put: '!1' }],
};

/**
 * Fails the build where an SDK does so in another way by now, so that somebody looks.
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
      if (strict === before) this.error(`${file} is not what it was: read it again`);
    }
    return { code: strict, map: null };
  },
});
