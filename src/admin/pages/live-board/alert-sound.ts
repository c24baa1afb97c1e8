const TONES_HZ = [660, 880];
const TONE_SECONDS = 0.18;
const VOLUME = 0.2;

/** Two short tones. The browser allows them once the person has used the page. */
export class AlertSound {
  #audio: AudioContext | null = null;

  play(): void {
    const audio = (this.#audio ??= new AudioContext());
    if (audio.state === 'suspended') void audio.resume();
    TONES_HZ.forEach((frequency, index) => {
      const [tone, volume] = [audio.createOscillator(), audio.createGain()];
      const start = audio.currentTime + index * TONE_SECONDS;
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(VOLUME, start);
      volume.gain.linearRampToValueAtTime(0, start + TONE_SECONDS);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + TONE_SECONDS);
    });
  }

  close(): void {
    void this.#audio?.close();
    this.#audio = null;
  }
}
