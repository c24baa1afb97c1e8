import type { ChatDraft, ChatServer, EnteredRoom } from '../../src/chat/chat.ts';
import type { Picture } from '../../src/platform/platform.ts';
import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';
import type { ChatMessage } from '../../src/protocol/views.ts';
import { message } from './fake-views.ts';

/** A chat server in memory. Like the desk's, it stores a message id once, and counts messages from 1. */
export class InMemoryChatServer implements ChatServer {
  readonly reads: number[] = [];
  readonly histories: number[] = [];
  readonly uploads: Picture[] = [];
  typings = 0;
  /** The largest number of `send` calls that ran at the same time. */
  maxConcurrentSends = 0;
  #concurrentSends = 0;
  downloads = 0;
  refuse: ErrorCode | null = null;
  refuseUpload: ErrorCode | null = null;
  /** Every answer waits for this promise. */
  gate: Promise<void> = Promise.resolve();

  /** `messages` may be shared by several people. */
  constructor(
    private readonly self = 'visitor-1',
    readonly messages: ChatMessage[] = [],
  ) {}

  async send(draft: ChatDraft): Promise<ChatMessage> {
    this.maxConcurrentSends = Math.max(this.maxConcurrentSends, ++this.#concurrentSends);
    await this.gate;
    this.#concurrentSends--;
    if (this.refuse) throw new RtcDeskError(this.refuse);
    const known = this.messages.find(({ id }) => id === draft.messageId);
    if (known) return known;
    const kept = {
      ...message(this.messages.length + 1, this.self, draft.text ?? '', draft.messageId),
      text: draft.text ?? null,
      image: draft.imageId ? { id: draft.imageId, width: 2, height: 2 } : null,
    };
    this.messages.push(kept);
    return kept;
  }
  async history(after: number) {
    this.histories.push(after);
    return this.messages.slice(after, after + 100);
  }
  async read(sequence: number) {
    this.reads.push(sequence);
  }
  typing() {
    this.typings++;
  }
  async upload(image: Picture) {
    if (this.refuseUpload) throw new RtcDeskError(this.refuseUpload);
    this.uploads.push(image);
    return { id: `image-${this.uploads.length}`, width: 2, height: 2 };
  }
  async download() {
    this.downloads++;
    if (this.refuse) throw new RtcDeskError(this.refuse);
    return new Blob(['picture'], { type: 'image/png' });
  }
  /** What `enter-room` answers. */
  get entered(): EnteredRoom {
    return { lastSequence: this.messages.length, readMarks: [], ownParticipants: [this.self] };
  }
  /** A message from another person. */
  write(text: string): ChatMessage {
    const kept = message(this.messages.length + 1, 'agent-1', text);
    this.messages.push(kept);
    return kept;
  }
}
