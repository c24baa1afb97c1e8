import type { CommonClient } from 'tencentcloud-sdk-nodejs-common';
import type { Removal } from '../outbox/outbox.ts';
import type { RemovingCloud } from '../outbox/outbox-delivery.ts';
import type { CloudSettings, TrtcSettings } from '../settings/settings.ts';

/** Where an API of Tencent's answers. */
export interface CloudEndpoint {
  readonly protocol: 'https://' | 'http://';
  readonly host: string;
}

const TRTC_API: CloudEndpoint = { protocol: 'https://', host: 'trtc.tencentcloudapi.com' };
const VERSION = '2019-07-22';
/** In seconds; shorter than the time for which a node has taken a removal (timeouts.ts). */
const PATIENCE = 10;

/** What the API calls a room or a person who is gone already. */
const GONE = /\.(RoomNotExist|UserNotExist)$/;

/** TRTC's rooms, by Tencent Cloud's API: shows people out. The keys stay in here. */
export class CloudRooms implements RemovingCloud {
  readonly service = 'trtc';

  private constructor(
    private readonly client: CommonClient,
    private readonly sdkAppId: number,
  ) {}

  /** The library is loaded only where it is used. */
  static async open(
    { sdkAppId }: Pick<TrtcSettings, 'sdkAppId'>,
    { secretId, secretKey, region }: CloudSettings,
    { protocol, host }: CloudEndpoint = TRTC_API,
  ): Promise<CloudRooms> {
    const { CommonClient } = await import('tencentcloud-sdk-nodejs-common');
    const client = new CommonClient(host, VERSION, {
      credential: { secretId, secretKey },
      region,
      profile: { httpProfile: { protocol, reqTimeout: PATIENCE } },
    });
    return new CloudRooms(client, sdkAppId);
  }

  /** Closes the room, or shows one person out of it. Rejects with the library's error. */
  remove(
    { room, participant }: Pick<Removal, 'room' | 'participant'>,
    signal: AbortSignal,
  ): Promise<void> {
    return participant === null
      ? this.#tell('DismissRoom', { RoomId: room }, signal)
      : this.#tell('RemoveUser', { RoomId: room, UserIds: [participant] }, signal);
  }

  async #tell(action: string, what: object, signal: AbortSignal): Promise<void> {
    try {
      await this.client.request(action, { SdkAppId: this.sdkAppId, ...what }, { signal });
    } catch (error) {
      if (!GONE.test(String((error as { code?: unknown }).code))) throw error;
    }
  }
}
