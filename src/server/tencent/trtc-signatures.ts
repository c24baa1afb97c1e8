import { Api } from 'tls-sig-api-v2';
import type { ParticipantRole, Permissions } from '../../protocol/views.ts';
import type { TrtcSettings } from '../settings/settings.ts';

/** The bits of a PrivateMapKey, from Tencent's documentation. */
const CREATE_ROOM = 1;
const JOIN_ROOM = 2;
const SEND_AUDIO = 4;
const RECEIVE_AUDIO = 8;
const SEND_VIDEO = 16;
const RECEIVE_VIDEO = 32;
const SEND_SCREEN = 64;
const RECEIVE_SCREEN = 128;

/** The participant that a signature is made for. */
export interface SignedParticipant {
  readonly participant: string;
  readonly room: number;
  readonly role: ParticipantRole;
  readonly permissions: Permissions;
}

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

  /** For one participant in one room. `seconds`: for how long from now. */
  media(signed: SignedParticipant, seconds: number): TrtcSignatures {
    const { participant, room } = signed;
    return {
      userSig: this.#api.genUserSig(participant, seconds),
      privateMapKey: this.#api.genPrivateMapKey(participant, seconds, room, privileges(signed)),
    };
  }

  /** For one of the two people of a device test, in a room whose name is a text. */
  test(
    userId: string,
    room: string,
    person: 'sender' | 'receiver',
    seconds: number,
  ): TrtcSignatures {
    const bits = CREATE_ROOM | JOIN_ROOM | (person === 'sender' ? SEND_VIDEO : RECEIVE_VIDEO);
    return {
      userSig: this.#api.genUserSig(userId, seconds),
      privateMapKey: this.#api.genPrivateMapKeyWithStringRoomID(userId, seconds, room, bits),
    };
  }

  /** For the chat of one participant. */
  chat(participant: string, seconds: number): string {
    return this.#api.genUserSig(participant, seconds);
  }
}

/**
 * A visitor or a hidden participant may not create the room: it opens for them only while others are in it. So a room
 * number that leaked opens nothing before the agent is there. Guests may: the first guest opens a meeting.
 */
function privileges({ role, permissions }: SignedParticipant): number {
  const { speak, show, hidden } = permissions;
  let bits = JOIN_ROOM | RECEIVE_AUDIO | RECEIVE_VIDEO | RECEIVE_SCREEN;
  if (role !== 'visitor' && !hidden) bits |= CREATE_ROOM;
  if (speak) bits |= SEND_AUDIO;
  if (show) bits |= SEND_VIDEO | SEND_SCREEN;
  return bits;
}
