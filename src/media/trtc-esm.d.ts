/** The package declares the types of its UMD file alone; a browser loads the ES module beside it. */
declare module 'trtc-sdk-v5/trtc.esm.js' {
  export { default } from 'trtc-sdk-v5';
}

declare module 'trtc-sdk-v5/plugins/video-effect/watermark/watermark.esm.js' {
  export { default } from 'trtc-sdk-v5/plugins/video-effect/watermark';
}
