/**
 * The named media profiles, as the presets of most video services: 16:9, lines by frames a second. The bitrates are what
 * TRTC's table of resolutions recommends for them (360 lines 500 kb/s, 720 lines 1,800 kb/s); `detail` has few frames
 * and much sharpness, as for a shared text.
 */
export const VIDEO_PROFILES = {
  saver: { height: 360, frameRate: 15, bitrate: 500, prefer: 'motion' },
  standard: { height: 720, frameRate: 30, bitrate: 1_800, prefer: 'motion' },
  detail: { height: 1_080, frameRate: 15, bitrate: 2_500, prefer: 'sharpness' },
} as const;
