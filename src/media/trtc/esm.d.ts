/** The package has types for its UMD file only. A browser loads the ES module beside it. */
declare module 'trtc-sdk-v5/trtc.esm.js' {
  export { default } from 'trtc-sdk-v5';
}

declare module 'trtc-sdk-v5/plugins/video-effect/virtual-background/virtual-background.esm.js' {
  export { default } from 'trtc-sdk-v5/plugins/video-effect/virtual-background';
}

/** A script that sets a property of `window`, where the SDK reads it. */
declare module 'trtc-sdk-v5/assets/mediapipe/vision.js' {}

declare module 'trtc-sdk-v5/plugins/realtime-transcriber/realtime-transcriber.esm.js' {
  export { RealtimeTranscriber } from 'trtc-sdk-v5/plugins/realtime-transcriber';
}

declare module 'trtc-sdk-v5/plugins/video-effect/watermark/watermark.esm.js' {
  export { default } from 'trtc-sdk-v5/plugins/video-effect/watermark';
}
