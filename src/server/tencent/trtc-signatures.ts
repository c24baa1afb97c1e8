import { Api } from 'tls-sig-api-v2';
import type { ParticipantRole } from '../../protocol/views.ts';
import type { TrtcSettings } from '../settings/settings.ts';

/** The bits of a PrivateMapKey (FACTS): create, join, send and receive sound, picture, screen. */
const EVERYTHING = 0b1111_1111;
const CREATE = 0b0000_0001;

/**
 * A visitor finds the room open or not at all, so that even a room's number that leaked opens nothing before
 * the agent is there (DESIGN 2). Of guests, whoever comes first opens it.
 */
const PRIVILEGES: Readonly<Record<ParticipantRole, number>> = {
  visitor: EVERYTHING & ~CREATE,
  agent: EVERYTHING,
  guest: EVERYTHING,
};

export interface TrtcSignatures {
  readonly userSig: string;
  readonly privateMapKey: string;
}

/** Signs for Tencent's media and chat. The key stays in here. */
export class TrtcSigner {
  readonly sdkAppId: number;
  readonly #api: Api;

  constructor({ sdkAppId, secretKey }: TrtcSettings) {
    this.sdkAppId = sdkAppId;
    this.#api = new Api(sdkAppId, secretKey);
  }

  /** For one join to one room; good for so many `seconds` from now. */
  media(
    { participant, room, role }: { participant: string; room: number; role: ParticipantRole },
    seconds: number,
  ): TrtcSignatures {
    return {
      userSig: this.#api.genUserSig(participant, seconds),
      privateMapKey: this.#api.genPrivateMapKey(participant, seconds, room, PRIVILEGES[role]),
    };
  }

  /** For the chat of one join. */
  chat(participant: string, seconds: number): string {
    return this.#api.genUserSig(participant, seconds);
  }
}
