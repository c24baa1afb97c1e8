import type { Quality } from '../media.ts';
import type TRTC from 'trtc-sdk-v5';
import { RtcDeskError } from '../../protocol/errors.ts';

/** The part of an instance of the SDK that a room uses. */
export type TrtcClient = Pick<
  TRTC,
  | 'on'
  | 'off'
  | 'enterRoom'
  | 'exitRoom'
  | 'destroy'
  | 'startLocalVideo'
  | 'updateLocalVideo'
  | 'stopLocalVideo'
  | 'startLocalAudio'
  | 'updateLocalAudio'
  | 'stopLocalAudio'
  | 'startScreenShare'
  | 'updateScreenShare'
  | 'stopScreenShare'
  | 'startRemoteVideo'
  | 'updateRemoteVideo'
  | 'stopRemoteVideo'
  | 'getVideoTrack'
  | 'getAudioTrack'
  | 'enableAudioVolumeEvaluation'
  | 'use'
  | 'startPlugin'
  | 'updatePlugin'
  | 'stopPlugin'
>;

/** The part of the SDK that a room uses. */
export interface TrtcSdk {
  readonly TYPE: Pick<typeof TRTC.TYPE, 'SCENE_RTC' | 'STREAM_TYPE_MAIN' | 'STREAM_TYPE_SUB'>;
  create(options: { enableAutoPlayDialog: boolean }): TrtcClient;
  setCurrentSpeaker(deviceId: string): Promise<void>;
}

/** The part of the SDK that a device test uses. */
export interface TrtcTestSdk extends TrtcSdk {
  isSupported(): Promise<TrtcSupport>;
}

/** What the SDK tells of a browser. Its types leave this out. `detail` has a flag for each ability. */
export interface TrtcSupport {
  readonly result: boolean;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The SDK, and one instance of it that has entered no room. */
export interface TrtcInstance {
  readonly sdk: TrtcSdk;
  readonly client: TrtcClient;
}

export const makeTrtcInstance = (sdk: TrtcSdk): TrtcInstance => ({
  sdk,
  client: sdk.create({ enableAutoPlayDialog: false }),
});

/** The SDK's WARN. By default it writes every step of a call to the console. */
const LOG_WARNINGS = 3;

/** Loads the SDK, a chunk of its own. Rejects with `media-blocked` if it cannot be fetched. */
export async function loadTrtcSdk(): Promise<TrtcTestSdk> {
  try {
    const { default: sdk } = await import('trtc-sdk-v5/trtc.esm.js');
    sdk.setLogLevel(LOG_WARNINGS);
    return sdk;
  } catch (error) {
    throw new RtcDeskError('media-blocked', 'The TRTC SDK did not load.', { cause: error });
  }
}

/**
 * The SDK's 1 (excellent), 2 (good), 3 (average), 4 (poor) and 5 (very poor) are our 5 to 1. Its 0 (unknown) and 6
 * (disconnected) are our 0.
 */
export function trtcQuality(value: number): Quality {
  return (value >= 1 && value <= 5 ? 6 - value : 0) as Quality;
}
