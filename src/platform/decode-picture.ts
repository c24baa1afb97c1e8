/** A WebP picture from its parts in base64, each of which was encoded by itself. */
export function decodePicture(parts: readonly string[]): Blob {
  const bytes = parts.map((part) => Uint8Array.from(atob(part), (sign) => sign.charCodeAt(0)));
  return new Blob(bytes, { type: 'image/webp' });
}
