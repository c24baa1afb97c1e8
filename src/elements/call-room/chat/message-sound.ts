const KEY = 'rtc-desk:message-sound';
const OFF = 'off';
/** The choice where storage is blocked. */
let kept: string | null = null;

/** Two soft tones, one after the other: frequency in Hz, start in seconds. */
const TONES = [
  { frequency: 587.33, at: 0 },
  { frequency: 880, at: 0.11 },
] as const;
const TONE_SECONDS = 0.35;
const LOUDNESS = 0.06;

export function isMessageSoundOn(): boolean {
  try {
    return (localStorage.getItem(KEY) ?? kept) !== OFF;
  } catch {
    return kept !== OFF;
  }
}

/** Kept in this browser; where storage is blocked, until the page is left. */
export function setMessageSound(on: boolean): void {
  kept = on ? null : OFF;
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, OFF);
  } catch {
    // `kept` has it.
  }
}

let context: AudioContext | null = null;

/**
 * Plays the sound of a new message, unless this person has muted it. The browser plays none before the person has
 * pressed something in the page.
 */
export function playMessageSound(makeContext = () => new AudioContext()): void {
  if (!isMessageSoundOn()) return;
  try {
    context ??= makeContext();
    play(context);
  } catch (error) {
    // No sound device, or too many contexts in the page. The message is shown all the same.
    console.warn('rtc-desk', error);
  }
}

function play(to: AudioContext): void {
  // After a phone call iOS leaves it interrupted.
  if (to.state !== 'running') to.resume().catch(() => undefined);
  for (const { frequency, at } of TONES) {
    const start = to.currentTime + at;
    const tone = to.createOscillator();
    const volume = to.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + TONE_SECONDS);
    tone.connect(volume).connect(to.destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
  }
}
