import type { CommonClient } from 'tencentcloud-sdk-nodejs-common';
import type { OutboxReceiver } from '../outbox/outbox-delivery.ts';
import type { TrtcOrder } from '../outbox/outbox.ts';
import type { CloudSettings, TrtcSettings } from '../settings/settings.ts';

/** Where one of Tencent's APIs answers. */
export interface CloudEndpoint {
  readonly protocol: 'https://' | 'http://';
  readonly host: string;
}

const TRTC_API: CloudEndpoint = { protocol: 'https://', host: 'trtc.tencentcloudapi.com' };
const VERSION = '2019-07-22';
/** Shorter than `timeouts.outboxClaim`. */
const REQUEST_TIMEOUT_SECONDS = 10;

/** The API's codes for a room or a user that is gone already. */
const GONE = /\.(RoomNotExist|UserNotExist)$/;

/** Closes TRTC's rooms and removes people from them, through Tencent Cloud's API. The account's keys stay in here. */
export class CloudRooms implements OutboxReceiver<'trtc'> {
  readonly service = 'trtc';

  private constructor(
    private readonly client: CommonClient,
    private readonly sdkAppId: number,
  ) {}

  /** Loads the library, which only a server with cloud keys needs. */
  static async open(
    { sdkAppId }: Pick<TrtcSettings, 'sdkAppId'>,
    { secretId, secretKey, region }: Omit<CloudSettings, 'recordings'>,
    { protocol, host }: CloudEndpoint = TRTC_API,
  ): Promise<CloudRooms> {
    const { CommonClient } = await import('tencentcloud-sdk-nodejs-common');
    const client = new CommonClient(host, VERSION, {
      credential: { secretId, secretKey },
      region,
      profile: { httpProfile: { protocol, reqTimeout: REQUEST_TIMEOUT_SECONDS } },
    });
    return new CloudRooms(client, sdkAppId);
  }

  /** Rejects with the library's error. */
  deliver(order: TrtcOrder, signal: AbortSignal): Promise<void> {
    const { room } = order.payload;
    switch (order.kind) {
      case 'close-room':
        return this.#request('DismissRoom', { RoomId: room }, signal);
      case 'remove-participant':
        return this.#request(
          'RemoveUser',
          { RoomId: room, UserIds: [order.payload.participant] },
          signal,
        );
    }
  }

  async #request(action: string, parameters: object, signal: AbortSignal): Promise<void> {
    try {
      await this.client.request(action, { SdkAppId: this.sdkAppId, ...parameters }, { signal });
    } catch (error) {
      if (!GONE.test(String((error as { code?: unknown }).code))) throw error;
    }
  }
}
