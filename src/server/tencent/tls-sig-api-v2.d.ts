declare module 'tls-sig-api-v2' {
  /** Tencent's signatures. `expire` is seconds from now. */
  export class Api {
    constructor(sdkAppId: number, secretKey: string);
    genUserSig(userId: string, expire: number): string;
    genPrivateMapKey(userId: string, expire: number, room: number, privileges: number): string;
    genPrivateMapKeyWithStringRoomID(
      userId: string,
      expire: number,
      room: string,
      privileges: number,
    ): string;
  }
}
