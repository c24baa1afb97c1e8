import type {
  FindRecognizer,
  SpeechRecognizer,
  SpokenLine,
  Translation,
} from '../../media/speech.ts';
import type { Clock } from '../../platform/clock.ts';
import { Store } from '../../snapshot/store.ts';
import type { CaptionsControl, CaptionsSnapshot, ShownLine } from '../captions-control.ts';
import type { RoomControl } from '../room-control.ts';
import { captionLanguages, sameLanguage } from './caption-languages.ts';

/** The name of the tool in messages to the others. */
const TOOL = 'captions';
/** As the protocol takes (protocol/captions.ts). */
const MAX_TEXT_LENGTH = 500;
const MAX_TRANSLATIONS = 5;
const MAX_LINES = 3;
/** A line goes away when nothing new was said in it for so long. */
const SHOWN_MS = 8_000;
/** Between two states of an unfinished line. */
const INTERIM_MS = 300;

/** What another participant has told. */
interface Peer {
  readonly able: boolean;
  readonly wanted: boolean;
  /** In which this person reads; '' if it is not known. */
  readonly language: string;
}

/**
 * The captions of one participant in one room. Each browser writes what its own microphone hears, while somebody else
 * wants to read it or the site keeps it, and sends it to those who read. The media's cloud recognises it where the site
 * wants that, else the browser itself. It ends with the room.
 */
export class RoomCaptions implements CaptionsControl {
  readonly #store = new Store<CaptionsSnapshot>({
    offered: false,
    shown: false,
    kept: false,
    cloudError: null,
    lines: [],
  });
  readonly #peers = new Map<string, Peer>();
  readonly #expiries = new Map<string, () => void>();
  readonly #unsubscribe: () => void;
  #recognizer: SpeechRecognizer | null = null;
  /** The microphone that is listened to. */
  #microphone: MediaStreamTrack | null = null;
  /** The languages into which it is translated. */
  #translateTo: readonly string[] = [];
  readonly #languages: readonly string[];
  #sought = false;
  #told = '';
  /** When the last unfinished line was sent. */
  #interimAt = 0;
  #over = false;

  constructor(
    private readonly room: RoomControl,
    private readonly clock: Clock,
    private readonly options: {
      /** Of this person, as a BCP 47 tag. */
      readonly language: string;
      /** Of this browser. */
      readonly findRecognizer: FindRecognizer;
    },
  ) {
    const { captions } = room.getSnapshot();
    this.#languages = captionLanguages(captions?.languages ?? [], options.language);
    this.#unsubscribe = room.subscribe(() => this.#follow());
    this.#follow();
  }

  getSnapshot(): Readonly<CaptionsSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  setShown(shown: boolean): void {
    this.#store.update({ shown, lines: [] });
    this.#tell();
  }

  handleMessage(message: object, from: string): void {
    if (this.#over) return;
    const { kind, able, wanted, language } = message as Record<string, unknown>;
    if (kind === 'line') return this.#show(readLine(message, from));
    if (kind !== 'state') return;
    this.#peers.set(from, {
      ...{ able: able === true, wanted: wanted === true },
      language: isLanguage(language) ? language : '',
    });
    this.#publish();
  }

  /** The cloud's recogniser needs the room's media. It is sought once the room is joined. */
  #seek(): void {
    const { state, captions } = this.room.getSnapshot();
    if (this.#sought || (captions?.cloud && state !== 'joined')) return;
    this.#sought = true;
    const cloud = captions?.cloud && this.room.openTranscriber?.(this.#languages);
    if (cloud) this.#take(cloud, (reason) => void this.#useBrowser(reason));
    else void this.#useBrowser();
  }

  /** `cloudError`: why the cloud is not used, if that is to be told. */
  async #useBrowser(cloudError: CaptionsSnapshot['cloudError'] = null): Promise<void> {
    this.#store.update({ cloudError });
    // Without one this browser writes nothing, and shows what others write.
    const recognizer = await this.options.findRecognizer(this.#languages).catch(() => null);
    this.#take(recognizer);
  }

  #take(
    recognizer: SpeechRecognizer | null,
    onFailure: SpeechRecognizer['onFailure'] = null,
  ): void {
    if (this.#over) return;
    this.#recognizer = recognizer;
    if (recognizer) {
      recognizer.onFailure = (reason) => {
        this.#recognizer = this.#microphone = null;
        this.#follow();
        onFailure?.(reason);
      };
    }
    this.#follow();
  }

  /** Follows who is in the room, and what becomes of it. */
  #follow(): void {
    const { state, people } = this.room.getSnapshot();
    if (state === 'left' || state === 'failed') return this.#end();
    for (const id of this.#peers.keys()) {
      if (!people.some((person) => person.id === id)) this.#peers.delete(id);
    }
    this.#seek();
    this.#publish();
  }

  #publish(): void {
    const peers = [...this.#peers.values()];
    const kept = this.room.getSnapshot().captions?.kept ?? false;
    const someoneWrites = this.#recognizer !== null || peers.some(({ able }) => able);
    this.#store.update({ offered: peers.some(({ able }) => able), kept: kept && someoneWrites });
    this.#tell();
    this.#listen();
  }

  /** To everybody in the room, at each change of it or of what is told. */
  #tell(): void {
    const { state, people, signaling } = this.room.getSnapshot();
    const message = {
      tool: TOOL,
      kind: 'state',
      able: this.#recognizer !== null,
      wanted: this.getSnapshot().shown,
      language: this.options.language,
    };
    const others = people.flatMap(({ id, self, state: there }) =>
      self || there === 'away' ? [] : [id],
    );
    const told = JSON.stringify([message, others]);
    if (told === this.#told || state !== 'joined' || signaling === 'offline') return;
    if (others.length === 0) return;
    this.#told = told;
    this.room.sendToTool(message);
  }

  /** Begins and ends to recognise, by what others want and by the microphone. */
  #listen(): void {
    const { local, captions, connectedAt, people } = this.room.getSnapshot();
    const { microphone } = local;
    const readers = [...this.#peers.values()].filter(({ wanted }) => wanted);
    const isWanted =
      readers.length > 0 || (captions?.kept === true && connectedAt !== null && people.length > 1);
    const track = isWanted && microphone.state === 'on' ? microphone.track : null;
    const languages = captions?.cloud?.translate ? readers.map(({ language }) => language) : [];
    const translateTo = [...new Set(languages.filter(Boolean))].slice(0, MAX_TRANSLATIONS).sort();
    const isSame = track === null || `${translateTo}` === `${this.#translateTo}`;
    if (!this.#recognizer || (track === this.#microphone && isSame)) return;
    this.#microphone = track;
    this.#translateTo = translateTo;
    if (track) this.#recognizer.start(track, (line) => this.#send(line), translateTo);
    else this.#recognizer.stop();
  }

  #send({ id, text: whole, language, final, startedAt, ...spoken }: SpokenLine): void {
    const now = this.clock.now();
    if (!final && now - this.#interimAt < INTERIM_MS) return;
    if (!final) this.#interimAt = now;
    const text = cut(whole);
    const translations = (spoken.translations ?? [])
      .slice(0, MAX_TRANSLATIONS)
      .map((one) => ({ language: one.language, text: cut(one.text) }));
    const line = { tool: TOOL, kind: 'line', id, text, language, final };
    for (const [to, peer] of this.#peers) {
      if (!peer.wanted) continue;
      const translation = translations.find((one) => sameLanguage(one.language, peer.language));
      this.room.sendToTool({ ...line, ...(translation && { translation }) }, to);
    }
    if (!final || !this.room.getSnapshot().captions?.kept) return;
    const kept = { captionId: id, text, language, startedAt };
    const also = translations.length > 0 ? { translations } : {};
    this.room.keepCaption?.({ ...kept, ...also })?.catch(() => {
      // The call is over, or may not be written down. Nobody waits for it.
    });
  }

  #show(line: ShownLine | null): void {
    const { shown, lines } = this.getSnapshot();
    if (!line || !shown) return;
    const known = lines.some(({ id, from }) => id === line.id && from === line.from);
    const next = known
      ? lines.map((one) => (one.id === line.id && one.from === line.from ? line : one))
      : [...lines, line].slice(-MAX_LINES);
    this.#store.update({ lines: next });
    this.#expiries.get(line.id)?.();
    const hide = () => {
      this.#expiries.delete(line.id);
      this.#store.update({ lines: this.getSnapshot().lines.filter(({ id }) => id !== line.id) });
    };
    this.#expiries.set(line.id, this.clock.after(SHOWN_MS, hide));
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#unsubscribe();
    this.#recognizer?.stop();
    for (const stop of this.#expiries.values()) stop();
    this.#store.update({ offered: false, kept: false, lines: [] });
  }
}

/** Whole characters, as many as the protocol takes. */
function cut(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  return text.slice(0, MAX_TEXT_LENGTH).replace(/[\ud800-\udbff]$/, '');
}

/** Null for what is no line: another client may send anything. */
function readLine(message: object, from: string): ShownLine | null {
  const { id, text, language, final, translation } = message as Record<string, unknown>;
  if (typeof id !== 'string' || typeof text !== 'string' || id.length > 64) return null;
  return {
    ...{ id, from, text: cut(text), final: final === true },
    language: isLanguage(language) ? language : '',
    translation: readTranslation(translation),
  };
}

function readTranslation(value: unknown): Translation | undefined {
  const { language, text } = (value ?? {}) as Record<string, unknown>;
  if (!isLanguage(language) || typeof text !== 'string') return undefined;
  return { language, text: cut(text) };
}

const isLanguage = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{2,35}$/.test(value);
