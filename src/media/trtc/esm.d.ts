/** The package declares the types of its UMD file alone; a browser loads the ES module beside it. */
declare module 'trtc-sdk-v5/trtc.esm.js' {
  export { default } from 'trtc-sdk-v5';
}

declare module 'trtc-sdk-v5/plugins/video-effect/virtual-background/virtual-background.esm.js' {
  export { default } from 'trtc-sdk-v5/plugins/video-effect/virtual-background';
}

/** A script that leaves what it is in `window`, where the SDK looks for it. */
declare module 'trtc-sdk-v5/assets/mediapipe/vision.js' {}

declare module 'trtc-sdk-v5/plugins/video-effect/watermark/watermark.esm.js' {
  export { default } from 'trtc-sdk-v5/plugins/video-effect/watermark';
}
