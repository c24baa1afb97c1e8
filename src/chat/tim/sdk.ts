/**
 * The one file that imports the SDK of Tencent IM. `@tencentcloud/chat` has the same calls under the same names:
 * to use it, change the two imports here.
 */
import type TIM from 'tim-js-sdk';
import type { ChatSDK, Message } from 'tim-js-sdk';
import { RtcDeskError } from '../../protocol/errors.ts';

/** The part of the module that is used here. */
export type Tim = Pick<typeof TIM, 'create' | 'EVENT' | 'TYPES'>;

/** The part of an instance that is used here. */
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

/** Rejects with `offline` if the script could not be fetched. */
export async function loadTim(): Promise<Tim> {
  try {
    return (await import('tim-js-sdk/tim-js.es.js')).default;
  } catch (error) {
    throw new RtcDeskError('offline', 'the SDK of Tencent IM did not load', { cause: error });
  }
}

/** What the SDK calls on the plugin. The plugin's own types declare an empty class. */
interface Uploader {
  uploadFile(file: unknown, done: (error: unknown, answer?: unknown) => void): void;
}

/**
 * Stands in for `tim-upload-plugin`. The SDK wants the plugin at sign-in, when few conversations have a picture;
 * this class fetches the real plugin with the first picture.
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
        // The SDK turns it into the failure of the message.
        done({ code: 2800, message: String(error) });
      },
    );
  }
}
