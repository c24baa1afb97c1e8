import { RtcDeskError } from '../../protocol/errors.ts';

/** The smallest module. */
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
/** A module with a function of SIMD instructions: i32.const 0, i8x16.splat, i8x16.popcnt. */
const SIMD = Uint8Array.of(
  ...EMPTY,
  ...[1, 5, 1, 0x60, 0, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x62, 0x0b],
);

/**
 * Throws `unsupported-browser` if there is no WebAssembly with SIMD (Chrome has it since 91, Firefox since 89, Safari
 * since 16.4), and `media-blocked` if the page's policy forbids to compile it.
 */
export function requireWebAssembly(): void {
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(SIMD)) {
    throw new RtcDeskError('unsupported-browser', 'This browser has no WebAssembly with SIMD.');
  }
  try {
    new WebAssembly.Module(EMPTY);
  } catch (cause) {
    throw new RtcDeskError(
      'media-blocked',
      'The page’s policy forbids WebAssembly: its script-src needs ’wasm-unsafe-eval’.',
      { cause },
    );
  }
}
