/** A picture's address; the page of these tests, unlike those of the desk, lets a data: address be loaded. */
export function redSquare(): string {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [16, 16];
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = 'red';
  pen.fillRect(0, 0, 16, 16);
  return canvas.toDataURL('image/png');
}
