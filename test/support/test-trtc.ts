import type { TrtcSettings } from '../../src/server/settings/settings.ts';

/** Made-up keys. No server listens at the address of IM's API, so that nothing leaves this machine. */
export const TEST_TRTC: TrtcSettings = {
  sdkAppId: 1_400_000_123,
  secretKey: 'a-secret-key-that-no-console-ever-showed-to-anybody-0123456789ab',
  callbackKey: null,
  cloud: null,
  imHost: '127.0.0.1:1',
};

/** The same settings as environment variables of a server process. */
export const TEST_TRTC_ENVIRONMENT = {
  TRTC_SDK_APP_ID: String(TEST_TRTC.sdkAppId),
  TRTC_SECRET_KEY: TEST_TRTC.secretKey,
  TIM_API_HOST: TEST_TRTC.imHost,
};
