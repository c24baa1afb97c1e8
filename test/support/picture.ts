import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

/** Writes a small PNG into a new folder. `remove` deletes both. */
export async function writePicture() {
  const folder = mkdtempSync(join(tmpdir(), 'rtc-desk-picture-'));
  const path = join(folder, 'fuse-box.png');
  const [width, height] = [320, 200];
  await sharp({ create: { width, height, channels: 3, background: '#f3b43f' } })
    .png()
    .toFile(path);
  return { path, width, height, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
