import { createHmac } from 'node:crypto';

/** A callback as TRTC sends it: the body and its headers. */
export interface SentCallback {
  readonly body: string;
  readonly headers: Record<string, string>;
}

export const ENTERED = 103;
export const LEFT = 104;

/** The documented signature: the base64 of the body's HMAC-SHA256. */
export const sign = (body: string, key: string): string =>
  createHmac('sha256', key).update(body).digest('base64');

export function signedCallback(
  key: string,
  sdkAppId: number,
  {
    type,
    info,
    sentAt = Date.now(),
    group = 1,
  }: { type: number; info: object; sentAt?: number; group?: number },
): SentCallback {
  const body = JSON.stringify(
    { EventGroupId: group, EventType: type, CallbackTs: sentAt, EventInfo: info },
    null,
    '\t',
  );
  return { body, headers: { sign: sign(body, key), sdkappid: String(sdkAppId) } };
}
