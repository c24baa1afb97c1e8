/** The chunks of Tencent's SDKs. Each holds nothing of ours, and is loaded by a call that uses it. */
const SDKS = {
  'trtc-sdk': /\/node_modules\/(trtc-sdk-v5\/trtc\.esm\.js|webrtc-adapter\/|sdp\/)/,
  'tim-sdk': /\/node_modules\/tim-js-sdk\//,
  'tim-upload': /\/node_modules\/tim-upload-plugin\//,
};

/** @param {string} path of a module, with `/` */
export const sdkOf = (path) => Object.keys(SDKS).find((name) => SDKS[name].test(path));

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
 * What an SDK does that no strict page allows, by the end of its file's path: `find` is how it does so, `put` is said
 * in its place.
 */
const STRICT = {
  // The first thing that TRTC's does when it is loaded: four `dns-prefetch` links, written into the page as HTML. Under
  // `require-trusted-types-for 'script'` that throws, and nothing of the SDK is there. They are a hint to the browser.
  // What else of it writes HTML is its own dialog about blocked sound, which is switched off.
  '/trtc-sdk-v5/trtc.esm.js': {
    find: /typeof document!="undefined"&&document\.head\.insertAdjacentHTML\("beforeend",Object\.values\(\w+\)\.map\(\w+=>`<link rel="dns-prefetch" href="https:\/\/\$\{\w+\}">`\)\.join\(`[^`]*`\)\);/g,
    put: '',
  },
  // IM's makes a worker from a blob: for its timer and its socket, which no strict policy allows and trusted types turn
  // into an exception. Told that there are no workers, it does without.
  '/tim-js-sdk/tim-js.es.js': { find: /"undefined"!=typeof Worker/g, put: '!1' },
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
    const { find, put } = STRICT[file];
    const strict = code.replace(find, put);
    if (strict === code) this.error(`${file} is not what it was: read it again`);
    return { code: strict, map: null };
  },
});
