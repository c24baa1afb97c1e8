/** Shows the element in full screen, or ends that. Never rejects. */
export async function toggleFullScreen(element: Element): Promise<void> {
  try {
    if (element.matches(':fullscreen')) await document.exitFullscreen();
    else await element.requestFullscreen();
  } catch (error) {
    // The browser refuses: the element keeps its size.
    console.warn('rtc-desk', error);
  }
}

/** Shows the video in a small window above all others, or closes that window. Never rejects. */
export async function togglePictureInPicture(video: HTMLVideoElement | null): Promise<void> {
  try {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await video?.requestPictureInPicture();
  } catch (error) {
    // The browser refuses, or the picture has just ended: the video stays in the page.
    console.warn('rtc-desk', error);
  }
}
