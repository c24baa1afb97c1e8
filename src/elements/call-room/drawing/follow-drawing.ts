/** Shows what agents draw on the pictures of a room, and what they ask of this device. A chunk of its own. */
import type { LitElement, ReactiveController } from 'lit';
import type { PictureToolsControl } from '../../../call/picture-tools-control.ts';
import type { RoomControl } from '../../../call/room-control.ts';
import { ask } from '../../parts/events/requests.ts';
import { shownName } from '../../parts/texts/names.ts';
import { DeviceRequestQuestion } from './device-request-question.ts';
import { PictureOverlay } from './picture-overlay.ts';
import { findTile, stageOf } from './tile-of-picture.ts';

const elements = {
  'rtc-picture-overlay': PictureOverlay,
  'rtc-device-request': DeviceRequestQuestion,
};
for (const [tag, element] of Object.entries(elements)) {
  if (!customElements.get(tag)) customElements.define(tag, element);
}

/** The element that shows the room. */
export interface DrawingHost extends LitElement {
  readonly room: RoomControl | null;
}

const followers = new WeakMap<DrawingHost, DrawingFollower>();

/** Shows the drawings of the host's rooms from now on. The same follower at each call. */
export function followDrawing(host: DrawingHost): DrawingFollower {
  const follower = followers.get(host) ?? new DrawingFollower(host);
  followers.set(host, follower);
  return follower;
}

/** Keeps the overlay in the tile of the drawn picture, and the question about the device in the room. */
export class DrawingFollower implements ReactiveController {
  readonly overlay = document.createElement('rtc-picture-overlay');
  readonly #question = document.createElement('rtc-device-request');
  readonly #host: DrawingHost;
  #tools: PictureToolsControl | null = null;
  #stop: (() => void) | null = null;
  /** The own picture that was enlarged because somebody draws on it. */
  #enlarged: string | null = null;
  /** The own video, while it is shown without cropping: a mark may lie at its edge. */
  #whole: HTMLVideoElement | null = null;

  constructor(host: DrawingHost) {
    this.#host = host;
    host.addController(this);
    this.#follow();
  }

  hostUpdated(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = this.#tools = null;
  }

  #follow(): void {
    const tools = this.#host.room?.getSnapshot().pictureTools ?? null;
    if (tools !== this.#tools) {
      this.#stop?.();
      this.#tools = tools;
      this.#stop = tools?.subscribe(() => void this.#show()) ?? null;
    }
    void this.#show();
  }

  async #show(): Promise<void> {
    const host = this.#host;
    const stage = stageOf(host);
    await stage?.updateComplete;
    const tools = this.#tools;
    const people = host.room?.getSnapshot().people ?? [];
    this.#ask(tools);
    const picture = tools?.getSnapshot().drawing.picture ?? null;
    const tile = picture && findTile(host, picture);
    const frame = tile?.renderRoot.querySelector('.tile') ?? null;
    if (!tools || !tile || !frame) {
      this.overlay.remove();
      this.#showWhole(null);
      return this.#enlarge(null);
    }
    const { overlay } = this;
    overlay.tile = tile;
    overlay.tools = tools;
    const agent = people.find(({ role, self }) => role === 'agent' && !self);
    overlay.author = tile.person?.self && agent ? shownName(agent.name) : null;
    if (overlay.parentNode !== frame) frame.append(overlay);
    // A person has to see on which thing of their own picture the mark is.
    const own = tile.person?.self ?? false;
    this.#enlarge(own ? `${picture.source} ${picture.participant}` : null);
    this.#showWhole(own ? tile.video : null);
  }

  #showWhole(video: HTMLVideoElement | null): void {
    if (video === this.#whole) return;
    if (this.#whole) this.#whole.style.objectFit = '';
    if (video) video.style.objectFit = 'contain';
    this.#whole = video;
  }

  #enlarge(key: string | null): void {
    if (key === this.#enlarged) return;
    this.#enlarged = key;
    const stage = stageOf(this.#host);
    if (stage) ask(stage, 'pin-request', { key });
  }

  #ask(tools: PictureToolsControl | null): void {
    const view = this.#host.renderRoot.querySelector('.view');
    const question = this.#question;
    if (!tools?.getSnapshot().requests.length || !view) return question.remove();
    question.tools = tools;
    question.room = this.#host.room;
    if (question.parentNode !== view) view.append(question);
  }
}
