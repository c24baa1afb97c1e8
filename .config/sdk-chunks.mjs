/**
 * The chunks of Tencent's SDKs. Each holds nothing of ours, is loaded by a call that uses it, and comes minified.
 */
const SDKS = {
  'trtc-sdk': /\/node_modules\/(trtc-sdk-v5\/trtc\.esm\.js|webrtc-adapter\/|sdp\/)/,
  'tim-sdk': /\/node_modules\/tim-js-sdk\//,
  'tim-upload': /\/node_modules\/tim-upload-plugin\//,
};

/** @param {string} path of a module, with `/` */
export const sdkOf = (path) => Object.keys(SDKS).find((name) => SDKS[name].test(path));

/** @param {{ name: string }} chunk */
export const isSdkChunk = (chunk) => chunk.name in SDKS;

/**
 * The first thing that the TRTC SDK does when it is loaded is to write four `dns-prefetch` links into the page as
 * HTML. Under `require-trusted-types-for 'script'` that throws, and nothing of the SDK is there. They are a hint to the
 * browser, and are left out; what else of it writes HTML is its own dialog about blocked sound, which is switched off.
 */
const WRITES_LINKS =
  /typeof document!="undefined"&&document\.head\.insertAdjacentHTML\("beforeend",Object\.values\(\w+\)\.map\(\w+=>`<link rel="dns-prefetch" href="https:\/\/\$\{\w+\}">`\)\.join\(`[^`]*`\)\);/;

/**
 * Fails the build where the SDK no longer writes them like that, so that somebody looks.
 * @returns {import('rollup').Plugin}
 */
export const sdkWithoutLinks = () => ({
  name: 'sdk-without-links',
  transform(code, id) {
    if (!id.split('\\').join('/').endsWith('/trtc-sdk-v5/trtc.esm.js')) return null;
    const safe = code.replace(WRITES_LINKS, '');
    if (safe === code) this.error('the TRTC SDK writes its links in another way: read it again');
    return { code: safe, map: null };
  },
});
