/** A′, which speakers of any size play. */
const FREQUENCY = 440;
const SECONDS = 1.5;
const FADE_SECONDS = 0.05;
const VOLUME = 0.3;

/** Plays a tone. Resolves when it is over, and to false if the browser has no sound. */
export async function playTone(): Promise<boolean> {
  let context: AudioContext;
  try {
    context = new AudioContext();
  } catch {
    // A browser allows a limited number of contexts.
    return false;
  }
  try {
    await context.resume();
    const tone = context.createOscillator();
    const volume = context.createGain();
    const start = context.currentTime;
    tone.frequency.value = FREQUENCY;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(VOLUME, start + FADE_SECONDS);
    volume.gain.setValueAtTime(VOLUME, start + SECONDS - FADE_SECONDS);
    volume.gain.linearRampToValueAtTime(0, start + SECONDS);
    tone.connect(volume).connect(context.destination);
    const ended = new Promise((resolve) => tone.addEventListener('ended', resolve));
    tone.start(start);
    tone.stop(start + SECONDS);
    await ended;
    return true;
  } finally {
    await context.close();
  }
}
