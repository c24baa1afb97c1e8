/** What TypeScript's library leaves out of a camera's capabilities. */
type CameraCapabilities = MediaTrackCapabilities & {
  readonly torch?: boolean;
  readonly zoom?: { readonly min: number; readonly max: number; readonly step?: number };
};
type CameraSettings = MediaTrackSettings & { readonly torch?: boolean; readonly zoom?: number };

/** Firefox has no `getCapabilities` for some tracks. */
const capabilitiesOf = (track: MediaStreamTrack): CameraCapabilities =>
  (track.getCapabilities?.() as CameraCapabilities | undefined) ?? {};

export const canTorch = (track: MediaStreamTrack | null): boolean =>
  track !== null && capabilitiesOf(track).torch === true;

export const isTorchOn = (track: MediaStreamTrack): boolean =>
  (track.getSettings() as CameraSettings).torch === true;

export interface ZoomRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly now: number;
}

/** Null where the camera cannot zoom. */
export function zoomRange(track: MediaStreamTrack | null): ZoomRange | null {
  const zoom = track && capabilitiesOf(track).zoom;
  if (!zoom || !(zoom.max > zoom.min)) return null;
  const { min, max } = zoom;
  const step = zoom.step || (max - min) / 20;
  return { min, max, step, now: (track.getSettings() as CameraSettings).zoom ?? min };
}
