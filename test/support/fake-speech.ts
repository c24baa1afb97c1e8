/** A stand-in of the browser's SpeechRecognition. What it hears, the test says. */
export class FakeSpeech extends EventTarget {
  static state = 'available';
  /** What `install` answers. */
  static installs = true;
  /** All that were made, the newest last. */
  static made: FakeSpeech[] = [];
  static readonly asked: string[] = [];

  static async available({ langs, processLocally }: Speech): Promise<string> {
    FakeSpeech.asked.push(`available ${langs.join()} ${processLocally}`);
    return langs[0] === 'en-US' ? FakeSpeech.state : 'unavailable';
  }
  static async install({ langs }: Speech): Promise<boolean> {
    FakeSpeech.asked.push(`install ${langs.join()}`);
    return FakeSpeech.installs;
  }
  static reset(): void {
    Object.assign(FakeSpeech, { state: 'available', installs: true, made: [] });
    FakeSpeech.asked.length = 0;
  }

  lang = '';
  continuous = false;
  interimResults = false;
  processLocally = false;
  track: MediaStreamTrack | null = null;
  running = false;
  readonly #results: { readonly isFinal: boolean; readonly 0: { readonly transcript: string } }[] =
    [];

  constructor() {
    super();
    FakeSpeech.made.push(this);
  }
  start(track: MediaStreamTrack): void {
    this.track = track;
    this.running = true;
  }
  stop(): void {
    this.end();
  }

  // ---- what the test does ----------------------------------------------------------------------

  /** Hears this as the result of this index. */
  hear(index: number, transcript: string, isFinal: boolean): void {
    this.#results[index] = { isFinal, 0: { transcript } };
    const event = new Event('result');
    this.dispatchEvent(Object.assign(event, { resultIndex: index, results: this.#results }));
  }
  fail(error: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { error }));
    this.end();
  }
  end(): void {
    if (!this.running) return;
    this.running = false;
    this.dispatchEvent(new Event('end'));
  }
}

interface Speech {
  readonly langs: readonly string[];
  readonly processLocally: boolean;
}
