import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { inflateSync } from 'node:zlib';

/** Decodes a UserSig or PrivateMapKey. Throws if it is not signed with the key. */
export function openSignature(signature: string, secretKey: string) {
  const plain = signature.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
  const doc = JSON.parse(inflateSync(Buffer.from(plain, 'base64')).toString()) as {
    'TLS.identifier': string;
    'TLS.sdkappid': number;
    'TLS.time': number;
    'TLS.expire': number;
    'TLS.userbuf'?: string;
    'TLS.sig': string;
  };
  const userbuf = doc['TLS.userbuf'];
  const signed =
    `TLS.identifier:${doc['TLS.identifier']}\nTLS.sdkappid:${doc['TLS.sdkappid']}\n` +
    `TLS.time:${doc['TLS.time']}\nTLS.expire:${doc['TLS.expire']}\n` +
    (userbuf === undefined ? '' : `TLS.userbuf:${userbuf}\n`);
  assert.equal(doc['TLS.sig'], createHmac('sha256', secretKey).update(signed).digest('base64'));
  const buffer = userbuf === undefined ? null : Buffer.from(userbuf, 'base64');
  return {
    user: doc['TLS.identifier'],
    app: doc['TLS.sdkappid'],
    expiresAt: (doc['TLS.time'] + doc['TLS.expire']) * 1000,
    map: buffer && openUserbuf(buffer),
  };
}

/**
 * Decodes what a PrivateMapKey allows: version, user, app, room, expiry, bits, account type, and with version 1 the
 * room's name, which then has the number 0; all big-endian.
 */
function openUserbuf(buffer: Buffer) {
  const length = buffer.readUInt16BE(1);
  const rest = buffer.subarray(3 + length);
  const roomName = buffer[0] === 1 ? rest.subarray(22).toString() : null;
  const nameLength = roomName === null ? 0 : 2 + rest.readUInt16BE(20);
  assert.deepEqual([rest.length, rest.readUInt32BE(16)], [20 + nameLength, 0]);
  return {
    roomName,
    user: buffer.subarray(3, 3 + length).toString(),
    app: rest.readUInt32BE(0),
    room: rest.readUInt32BE(4),
    expiresAt: rest.readUInt32BE(8) * 1000,
    bits: rest.readUInt32BE(12),
  };
}
