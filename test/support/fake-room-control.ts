import type {
  ChatEntry,
  LocalMediaSnapshot,
  Person,
  RoomControl,
  RoomSnapshot,
  SourceSnapshot,
  ToolListener,
  ToolMessage,
  VirtualBackground,
  Watermark,
} from '../../src/call/room-control.ts';
import { Store } from '../../src/snapshot/store.ts';

const source = (state: SourceSnapshot['state']): SourceSnapshot => ({
  state,
  error: null,
  deviceId: '',
  track: null,
});

export const localMedia: LocalMediaSnapshot = {
  camera: source('on'),
  microphone: source('on'),
  screen: source('off'),
  cameras: [
    { deviceId: 'camera-1', label: 'Front camera' },
    { deviceId: 'camera-2', label: 'Document camera' },
  ],
  microphones: [{ deviceId: 'microphone-1', label: 'Headset' }],
  speakers: [{ deviceId: 'speaker-1', label: 'Headset' }],
  level: 0,
};

/** A person in the room, connected, with everything on, unless told otherwise. */
export function person(change: Partial<Person> & { readonly id: string }): Person {
  return {
    name: change.id,
    role: 'guest',
    verified: false,
    self: false,
    camera: null,
    screen: null,
    cameraOn: false,
    microphoneOn: true,
    speaking: false,
    quality: 5,
    state: 'connected',
    ...change,
  };
}

/** A message that was delivered, of somebody else, unless told otherwise. */
export function chatEntry(change: Partial<ChatEntry> & { readonly id: string }): ChatEntry {
  return {
    from: 'alice',
    name: 'Alice',
    role: 'agent',
    mine: false,
    sentAt: Date.UTC(2026, 10, 20, 9, 30),
    text: null,
    image: null,
    status: 'sent',
    error: null,
    ...change,
  };
}

export const roomSnapshot: RoomSnapshot = {
  state: 'joined',
  error: null,
  room: 7,
  people: [
    person({ id: 'me', name: 'Ada Lovelace', role: 'visitor', self: true, verified: true }),
    person({ id: 'alice', name: 'Alice', role: 'agent', verified: true }),
  ],
  local: localMedia,
  chat: { state: 'ready', entries: [], typing: [], unread: 0 },
  audioBlocked: false,
  mediaError: null,
  signaling: 'online',
  connectedAt: null,
};

/**
 * A room whose state the test sets by `update`, and which writes down what it was asked. It changes
 * nothing by itself: an element that shows something new without a new snapshot is caught.
 */
export class FakeRoomControl extends Store<RoomSnapshot> implements RoomControl {
  /** Each request as `name(arguments)`, e.g. `setMicrophoneOn(false)`. */
  readonly asked: string[] = [];
  /** The next request rejects, or throws, with this; then it is forgotten. */
  failure: Error | null = null;
  image: Blob = new Blob([]);
  /** The files that were to be sent. */
  readonly images: Blob[] = [];

  readonly backgrounds: (VirtualBackground | null)[] = [];

  constructor(change: Partial<RoomSnapshot> = {}) {
    super({ ...roomSnapshot, ...change });
  }

  setMicrophoneOn = (on: boolean) => this.#promise('setMicrophoneOn', on);
  setCameraOn = (on: boolean) => this.#promise('setCameraOn', on);
  useCamera = (deviceId: string) => this.#promise('useCamera', deviceId);
  useMicrophone = (deviceId: string) => this.#promise('useMicrophone', deviceId);
  useSpeaker = (deviceId: string) => this.#promise('useSpeaker', deviceId);
  startScreen = () => this.#promise('startScreen');
  stopScreen = () => this.#note('stopScreen');
  setWatermark = (what: Watermark | null) => this.#promise('setWatermark', what?.image);
  setVirtualBackground = async (what: VirtualBackground | null) => {
    this.#note('setVirtualBackground', ...(what?.image ? [what.image] : []));
    this.backgrounds.push(what);
  };
  startAudio = () => this.#promise('startAudio');
  retryMedia = () => this.#promise('retryMedia');
  setPictureSize = (who: string, size: string) => this.#note('setPictureSize', who, size);
  openChat = async () => this.#note('openChat');
  sendText = (text: string) => this.#note('sendText', text);
  sendImage = (image: Blob) => {
    this.#note('sendImage', image.type);
    this.images.push(image);
  };
  retryMessage = (id: string) => this.#note('retryMessage', id);
  notifyTyping = () => this.#note('notifyTyping');
  markRead = () => this.#note('markRead');
  loadImage = async (id: string) => {
    this.#note('loadImage', id);
    return this.image;
  };
  sendToTool = (message: ToolMessage, to?: string) =>
    this.#note('sendToTool', JSON.stringify(message), ...(to ? [to] : []));
  onToolMessage: ToolListener | null = null;
  openAdaptation = async () => ({
    setDetail: (on: boolean) => this.#promise('setDetail', on),
    askForCallback: () => this.#promise('askForCallback'),
  });
  reportFirstFrame = (sincePress: number | null) => this.#note('reportFirstFrame', sincePress);
  leave = () => this.#promise('leave');

  #note(name: string, ...args: unknown[]): void {
    this.asked.push(`${name}(${args.join(', ')})`);
    const failure = this.failure;
    this.failure = null;
    if (failure) throw failure;
  }

  async #promise(name: string, ...args: unknown[]): Promise<void> {
    this.#note(name, ...args);
  }
}
