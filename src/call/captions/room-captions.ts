import type { FindRecognizer, SpeechRecognizer, SpokenLine } from '../../media/speech.ts';
import type { Clock } from '../../platform/clock.ts';
import { Store } from '../../snapshot/store.ts';
import type { CaptionsControl, CaptionsSnapshot, ShownLine } from '../captions-control.ts';
import type { RoomControl } from '../room-control.ts';
import { captionLanguages } from './caption-languages.ts';

/** The name of the tool in messages to the others. */
const TOOL = 'captions';
/** As the protocol takes (protocol/captions.ts). */
const MAX_TEXT_LENGTH = 500;
const MAX_LINES = 3;
/** A line goes away when nothing new was said in it for so long. */
const SHOWN_MS = 8_000;
/** Between two states of an unfinished line. */
const INTERIM_MS = 300;

/** What another participant has told. */
interface Peer {
  readonly able: boolean;
  readonly wanted: boolean;
}

/**
 * The captions of one participant in one room. Each browser writes what its own microphone hears, while somebody else
 * wants to read it or the site keeps it, and sends it to those who read. It ends with the room.
 */
export class RoomCaptions implements CaptionsControl {
  readonly #store = new Store<CaptionsSnapshot>({
    offered: false,
    shown: false,
    kept: false,
    lines: [],
  });
  readonly #peers = new Map<string, Peer>();
  readonly #expiries = new Map<string, () => void>();
  readonly #unsubscribe: () => void;
  #recognizer: SpeechRecognizer | null = null;
  /** The microphone that is listened to. */
  #microphone: MediaStreamTrack | null = null;
  #told = '';
  /** When the last unfinished line was sent. */
  #interimAt = 0;
  #over = false;

  constructor(
    private readonly room: RoomControl,
    private readonly clock: Clock,
    options: { readonly language: string; readonly findRecognizer: FindRecognizer },
  ) {
    this.#unsubscribe = room.subscribe(() => this.#follow());
    const { captions } = room.getSnapshot();
    const languages = captionLanguages(captions?.languages ?? [], options.language);
    options.findRecognizer(languages).then(
      (recognizer) => this.#take(recognizer),
      // Without one this browser writes nothing, and shows what others write.
      () => this.#take(null),
    );
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
    const { kind, able, wanted } = message as Record<string, unknown>;
    if (kind === 'line') return this.#show(readLine(message, from));
    if (kind !== 'state') return;
    this.#peers.set(from, { able: able === true, wanted: wanted === true });
    this.#publish();
  }

  #take(recognizer: SpeechRecognizer | null): void {
    if (this.#over) return;
    this.#recognizer = recognizer;
    if (recognizer) {
      recognizer.onFailure = () => {
        this.#recognizer = this.#microphone = null;
        this.#follow();
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
    const isWanted =
      [...this.#peers.values()].some(({ wanted }) => wanted) ||
      (captions?.kept === true && connectedAt !== null && people.length > 1);
    const track = isWanted && microphone.state === 'on' ? microphone.track : null;
    if (!this.#recognizer || track === this.#microphone) return;
    this.#microphone = track;
    if (track) this.#recognizer.start(track, (line) => this.#send(line));
    else this.#recognizer.stop();
  }

  #send({ id, text: whole, language, final, startedAt }: SpokenLine): void {
    const now = this.clock.now();
    if (!final && now - this.#interimAt < INTERIM_MS) return;
    if (!final) this.#interimAt = now;
    const text = cut(whole);
    for (const [to, { wanted }] of this.#peers) {
      if (wanted) this.room.sendToTool({ tool: TOOL, kind: 'line', id, text, language, final }, to);
    }
    if (!final || !this.room.getSnapshot().captions?.kept) return;
    this.room.keepCaption?.({ captionId: id, text, language, startedAt })?.catch(() => {
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
  const { id, text, language, final } = message as Record<string, unknown>;
  if (typeof id !== 'string' || typeof text !== 'string' || id.length > 64) return null;
  const isLanguage = typeof language === 'string' && /^[\w-]{2,35}$/.test(language);
  return {
    ...{ id, from, text: cut(text), final: final === true },
    language: isLanguage ? language : '',
  };
}
