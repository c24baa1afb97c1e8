/** The interface of document picture-in-picture, which Chromium has. */
interface DocumentPictureInPicture {
  requestWindow(size: { width: number; height: number }): Promise<Window>;
}

/** What opens a window above all others; null where the browser has none. A page in a frame gets none. */
export function windowMaker(): DocumentPictureInPicture | null {
  if (window.top !== window) return null;
  const page = window as { documentPictureInPicture?: DocumentPictureInPicture };
  return page.documentPictureInPicture ?? null;
}
