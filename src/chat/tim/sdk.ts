/**
 * The one place that names the SDK of Tencent IM. `@tencentcloud/chat` has the same calls under the same
 * names: to change over is to change the two imports here.
 */
import type TIM from 'tim-js-sdk';
import type { ChatSDK, Message } from 'tim-js-sdk';
import { RtcDeskError } from '../../protocol/errors.ts';

/** What is used of the module. */
export type Tim = Pick<typeof TIM, 'create' | 'EVENT' | 'TYPES'>;

/** What is used of an instance. */
export type TimClient = Pick<
  ChatSDK,
  | 'login'
  | 'destroy'
  | 'on'
  | 'off'
  | 'registerPlugin'
  | 'setLogLevel'
  | 'createGroup'
  | 'joinGroup'
  | 'quitGroup'
  | 'dismissGroup'
  | 'createTextMessage'
  | 'createImageMessage'
  | 'createCustomMessage'
  | 'sendMessage'
>;

export type TimMessage = Pick<
  Message,
  'type' | 'payload' | 'conversationID' | 'from' | 'time' | 'cloudCustomData'
>;

/** Rejects with `offline` where the script could not be fetched. */
export async function loadTim(): Promise<Tim> {
  try {
    return (await import('tim-js-sdk/tim-js.es.js')).default;
  } catch (error) {
    throw new RtcDeskError('offline', 'the SDK of Tencent IM did not load', { cause: error });
  }
}

/** The plugin describes itself as a class with nothing in it; this is what the SDK calls. */
interface Uploader {
  uploadFile(file: unknown, done: (error: unknown, answer?: unknown) => void): void;
}

/**
 * What the SDK is given as `tim-upload-plugin`: it takes the plugin when it has signed in, and so at a time
 * when few conversations have a picture. The real one is fetched with the first.
 */
export class TimUploads {
  #loading: Promise<Uploader> | null = null;

  uploadFile(file: unknown, done: (error: unknown, answer?: unknown) => void): void {
    this.#loading ??= import('tim-upload-plugin').then(
      (plugin) => new plugin.default() as Uploader,
    );
    this.#loading.then(
      (uploader) => uploader.uploadFile(file, done),
      (error: unknown) => {
        this.#loading = null;
        // The SDK makes of it the failure of the message.
        done({ code: 2800, message: String(error) });
      },
    );
  }
}
