/**
 * The hosts that the SDKs of TRTC and IM connect to, for a page's `connect-src`: the names in the bundles of
 * trtc-sdk-v5 5.17.1 and tim-js-sdk 2.27.6 (signaling, statistics, IM's error texts), and IM's upload of pictures.
 * Media go by WebRTC, which this policy does not cover.
 */
export const TENCENT_HOSTS: readonly string[] = [
  'wss://*.rtc.qq.com',
  'https://*.rtc.qq.com',
  'wss://webrtc.qq.com',
  'https://*.cloud-rtc.com',
  'wss://*.cloud-rtc.com',
  'https://*.cloud-rtc.net',
  'wss://*.cloud-rtc.net',
  'https://*.rtc-web.com',
  'wss://*.rtc-web.com',
  'https://*.rtc-web.io',
  'wss://*.rtc-web.io',
  'https://yun.tim.qq.com',
  'wss://wss.tim.qq.com',
  'wss://*.im.qcloud.com',
  'https://*.im.qcloud.com',
  'https://*.imrich.qcloud.com',
  'wss://*.my-imcloud.com',
  'https://*.my-imcloud.com',
  'https://*.myqcloud.com',
  'https://web.sdk.qcloud.com',
];
