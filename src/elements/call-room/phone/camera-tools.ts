import { limits } from '../../../protocol/limits.ts';

/** Rejects if the camera refuses. */
export async function setTorch(track: MediaStreamTrack, on: boolean): Promise<void> {
  await track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
}

/** Rejects if the camera refuses. */
export async function setZoom(track: MediaStreamTrack, zoom: number): Promise<void> {
  await track.applyConstraints({ advanced: [{ zoom } as MediaTrackConstraintSet] });
}

/** Chrome's and Safari's. */
interface StillCamera {
  takePhoto(): Promise<Blob>;
}

/** Qualities of JPEG that are tried until a photo is small enough for the chat. */
const QUALITIES = [0.92, 0.8, 0.65];

/**
 * A photo in the camera's full resolution, where it can take one; else a frame of its video. As a picture that the chat
 * accepts.
 */
export async function takeStill(
  track: MediaStreamTrack,
  makeCamera: ((track: MediaStreamTrack) => StillCamera) | null = stillCameraOf(),
): Promise<Blob> {
  const photo =
    makeCamera &&
    (await makeCamera(track)
      .takePhoto()
      .catch(() => null));
  if (photo && photo.size > 0 && photo.size <= limits.imageBytes) return photo;
  const picture = await (photo && photo.size > 0 ? createImageBitmap(photo) : frameOf(track));
  try {
    return await toJpeg(picture, 1);
  } finally {
    picture.close();
  }
}

function stillCameraOf(): ((track: MediaStreamTrack) => StillCamera) | null {
  const { ImageCapture } = window as {
    ImageCapture?: new (track: MediaStreamTrack) => StillCamera;
  };
  return ImageCapture ? (track) => new ImageCapture(track) : null;
}

async function frameOf(track: MediaStreamTrack): Promise<ImageBitmap> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  try {
    await video.play();
    return await createImageBitmap(video);
  } finally {
    video.srcObject = null;
  }
}

/** Smaller and smaller until the chat accepts it. */
async function toJpeg(picture: ImageBitmap, scale: number): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((resolve) =>
      canvas.toBlob(resolve, 'image/jpeg', quality),
    );
    if (blob && blob.size <= limits.imageBytes) return blob;
  }
  return toJpeg(picture, scale / 2);
}
