import { LitElement, css, html, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Person, PictureSize } from '../../../call/room-control.ts';
import { ask, handleRequests } from '../../parts/events/requests.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { styleProperties } from '../../parts/styles/template-bindings.ts';
import type { Layout } from './arrangement.ts';
import type * as ManyTiles from './many-tiles.ts';
import type { ParticipantTile } from './participant-tile.ts';
import { arrangePair, placePair, type Item, type Place } from './pair-places.ts';

/** A narrower or lower tile is compact: it leaves out what does not fit. In CSS pixels. */
const MIN_FULL_WIDTH = 200;
const MIN_FULL_HEIGHT = 120;

let manyTiles: typeof ManyTiles | null = null;

/** The people of the room. The layout and the stage's size decide each person's place. */
export class RoomStage extends LitElement {
  static override styles = css`
    ${baseStyles} :host {
      position: relative;
      display: block;
      min-width: 0;
      min-height: 0;
      overflow: hidden;
    }
    rtc-participant-tile {
      position: absolute;
    }
    :host([moving]) rtc-participant-tile {
      transition:
        left 0.25s ease,
        top 0.25s ease,
        width 0.25s ease,
        height 0.25s ease;
    }
    .floating {
      z-index: 1;
      border-radius: var(--_radius);
      box-shadow: var(--_shadow);
    }
  `;

  /** This person first, then the others in the order of entering. */
  @property({ attribute: false }) people: readonly Person[] = [];
  @property() layout: Layout = 'auto';

  @state() private size = { width: 0, height: 0 };
  /** The key of the item that somebody pinned. */
  @state() private pinned: string | null = null;
  #speaker: string | null = null;
  readonly #asked = new Map<string, PictureSize>();
  readonly #observer = new ResizeObserver(([entry]) => {
    if (!entry) return;
    const { width, height } = entry.contentRect;
    this.size = { width, height };
  });

  constructor() {
    super();
    handleRequests(this, { 'pin-request': ({ key }) => (this.pinned = key) });
    // The tools of a picture are loaded when somebody comes near one.
    for (const type of ['pointerover', 'focusin']) this.addEventListener(type, this.#loadTools);
  }

  readonly #loadTools = () =>
    void import('../tools/define-picture-tools.ts')
      .then(({ prepareStage }) => prepareStage(this))
      .catch(loadedLater);

  /** The main video: the shared screen, else the large or the first picture of somebody else. */
  get mainVideo(): HTMLVideoElement | null {
    const tiles = [...this.renderRoot.querySelectorAll<ParticipantTile>('rtc-participant-tile')];
    const shown = tiles.filter(({ person, kind, video }) => {
      return person && video && !video.hidden && (kind === 'screen' || !person.self);
    });
    return (shown.find(({ className }) => className === 'main') ?? shown[0])?.video ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Tiles move smoothly when people come and go. When the stage changes its size they follow at once.
    this.toggleAttribute('moving', !changed.has('size' as keyof RoomStage) && this.size.width > 0);
    if (!changed.has('people')) return;
    const speaking = this.people.filter((person) => person.speaking && !person.self);
    if (!speaking.some(({ id }) => id === this.#speaker)) {
      this.#speaker = speaking[0]?.id ?? this.#speaker;
    }
  }

  protected override render() {
    const items = this.#arrange();
    const pinnable = items.filter(({ person }) => !person.self).length > 1;
    const places = (isPair(items) ? placePair : manyTiles!.placeTiles)(items, this.size);
    // Sorted, because a tile that moves in the document stops its video.
    const tiles = items.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return repeat(
      tiles,
      ({ key }) => key,
      (item) => tile(item, places.get(item.key), pinnable, item.key === this.pinned),
    );
  }

  /** Until the code for many is loaded, all others lie behind each other. */
  #arrange(): Item[] {
    const { people, layout, pinned } = this;
    const pair =
      people.length < 3 &&
      layout !== 'grid' &&
      !pinned &&
      people.every(({ self, screen }) => self || !screen);
    if (pair) return arrangePair(people);
    if (manyTiles) return manyTiles.arrange(people, layout, this.#speaker, pinned);
    import('./many-tiles.ts')
      .then((code) => {
        manyTiles = code;
        // As after a change of size: the tiles do not move to their first places.
        this.size = { ...this.size };
      })
      .catch(loadedLater);
    return arrangePair(people);
  }

  protected override updated(): void {
    const wanted = new Map<string, PictureSize>();
    for (const { person, kind, place } of this.#arrange()) {
      if (person.self || kind === 'screen') continue;
      const large = place === 'main' || (place === 'grid' && this.people.length <= 3);
      wanted.set(person.id, large ? 'large' : 'small');
    }
    for (const id of this.#asked.keys()) if (!wanted.has(id)) this.#asked.delete(id);
    for (const [person, size] of wanted) {
      if (this.#asked.get(person) === size) continue;
      this.#asked.set(person, size);
      ask(this, 'picture-size-request', { person, size });
    }
  }
}

const isPair = (items: readonly Item[]) =>
  items.every(({ place }) => place === 'main' || place === 'floating');

/** Code that could not be loaded is loaded again with the next update, or when somebody points at a tile again. */
const loadedLater = (error: unknown) => console.warn('rtc-desk', error);

function tile(
  item: Item,
  place: Place = { left: 0, top: 0, width: 0, height: 0 },
  pinnable: boolean,
  pinned: boolean,
) {
  const inPixels = (length: number) => `${Math.floor(length)}px`;
  return html`<rtc-participant-tile
    class=${item.place}
    part="tile"
    .person=${item.person}
    .kind=${item.kind}
    .pinnable=${pinnable}
    .pinned=${pinned}
    ?compact=${place.width < MIN_FULL_WIDTH || place.height < MIN_FULL_HEIGHT}
    ${styleProperties({
      left: inPixels(place.left),
      top: inPixels(place.top),
      width: inPixels(place.width),
      height: inPixels(place.height),
    })}
  ></rtc-participant-tile>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-room-stage': RoomStage;
  }
}
