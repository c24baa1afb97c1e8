/** A moving picture in place of a camera. */
export function drawMovingPicture(): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = 1_280;
  canvas.height = 720;
  const context = canvas.getContext('2d');
  const track = canvas.captureStream(30).getVideoTracks()[0]!;
  const draw = (at: number): void => {
    if (track.readyState === 'ended' || !context) return;
    for (let i = 0; i < 40; i += 1) {
      context.fillStyle = `hsl(${(at / 10 + i * 37) % 360} 80% 50%)`;
      context.fillRect((i * 97 + at / 5) % 1_280, (i * 53) % 720, 120, 60);
    }
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
  return track;
}
