import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type {
  DeviceAction,
  DrawnPicture,
  PictureToolsControl,
  PictureToolsSnapshot,
} from '../../../call/picture-tools-control.ts';
import type { Person, RoomSnapshot } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { DrawingSurface, DrawingTool } from '../../call-room/drawing/drawing-surface.ts';
import { followDrawing, type DrawingHost } from '../../call-room/drawing/follow-drawing.ts';
import { findTile } from '../../call-room/drawing/tile-of-picture.ts';
import { RovingFocus } from '../../parts/controllers/roving-focus.ts';
import { StoreController } from '../../parts/controllers/store-controller.ts';
import { flipIcon } from '../../parts/icons.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { errorText } from '../../parts/texts/error-text.ts';
import { shownName } from '../../parts/texts/names.ts';
import { askedText } from './asked-text.ts';
import { framePicture } from './frame-picture.ts';
import * as icons from './picture-tool-icons.ts';
import { chipStyles } from '../../parts/styles/chip-styles.ts';
import { pictureButtonStyles } from '../../parts/styles/picture-button-styles.ts';
import { pictureToolbarStyles } from './picture-toolbar-styles.ts';

/** What a press on Zoom asks for, one after the other. */
const ZOOM_FACTORS = [2, 4, 1];

interface ToolButton {
  readonly id: string;
  readonly name: string;
  readonly icon: TemplateResult;
  readonly press: () => unknown;
  readonly pressed?: boolean | undefined;
  readonly disabled?: boolean;
}

/** The agent's tools for somebody else's picture: freeze it, draw on it, and ask for something of that device. */
export class PictureToolbar extends LitElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    chipStyles,
    pictureButtonStyles,
    pictureToolbarStyles,
  ];

  /** The element that shows the room. */
  @property({ attribute: false }) host!: DrawingHost;

  @state() private tools: PictureToolsControl | null = null;
  /** Null: the agent does not draw now. */
  @state() private tool: DrawingTool | null = null;
  @state() private busy = false;
  @state() private note = '';
  readonly #room = new StoreController<RoomSnapshot>(this, () => this.host.room);
  readonly #tools = new StoreController<PictureToolsSnapshot>(this, () => this.tools);
  readonly #focus = new RovingFocus(this, 'button:enabled');
  #surface: DrawingSurface | null = null;
  /** By what was asked and done. */
  #torchOn = false;
  #zoomStep = 0;
  #detailOn = false;
  #seenAsked: PictureToolsSnapshot['asked'] = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override willUpdate(): void {
    this.tools = this.#room.snapshot?.pictureTools ?? null;
    const asked = this.#tools.snapshot?.asked ?? null;
    if (asked === this.#seenAsked) return;
    this.#seenAsked = asked;
    this.note = asked ? askedText(asked, this.#nameOf(asked.to)) : '';
    if (asked?.state === 'done' && asked.action.kind === 'torch') this.#torchOn = asked.action.on;
    if (asked?.state === 'done' && asked.action.kind === 'detail') {
      this.#detailOn = asked.action.on;
    }
    if (asked?.state === 'done' && asked.action.kind === 'zoom') this.#zoomStep += 1;
  }

  protected override render() {
    const picture = this.#picture;
    const person = picture && this.#person(picture.participant);
    if (!picture || !person || !this.tools) return nothing;
    const error = this.#tools.snapshot?.error;
    return html`<div
        class="tools"
        role="toolbar"
        aria-label=${msg('Picture tools')}
        @keydown=${this.#focus.handleKeydown}
        @focusin=${this.#focus.handleFocusin}
      >
        ${this.#mainButtons(picture).map(button)}
      </div>
      ${this.#drawButtons(picture)}
      <p class="note chip" role="status">${error ? errorText(error).text : this.note}</p>`;
  }

  #mainButtons(picture: DrawnPicture): readonly ToolButton[] {
    const factor = ZOOM_FACTORS[this.#zoomStep % ZOOM_FACTORS.length]!;
    const frozen = picture.still !== null;
    const ask = (action: DeviceAction) => () => this.tools?.ask(picture.participant, action);
    const devices: readonly ToolButton[] = [
      {
        id: 'photo',
        name: msg('Take photo'),
        icon: icons.photoIcon(),
        press: ask({ kind: 'photo' }),
      },
      { id: 'flip', name: msg('Flip camera'), icon: flipIcon(), press: ask({ kind: 'flip' }) },
      {
        id: 'torch',
        name: msg('Torch'),
        icon: icons.torchIcon(),
        press: ask({ kind: 'torch', on: !this.#torchOn }),
        pressed: this.#torchOn,
      },
      {
        id: 'zoom',
        name: msg(str`Zoom the camera to ${factor}×`),
        icon: icons.zoomIcon(),
        press: ask({ kind: 'zoom', factor }),
      },
      {
        id: 'detail',
        name: msg('Sharper picture'),
        icon: icons.detailIcon(),
        press: ask({ kind: 'detail', on: !this.#detailOn }),
        pressed: this.#detailOn,
      },
    ];
    return [
      {
        id: 'freeze',
        name: frozen ? msg('Live picture') : msg('Freeze picture'),
        icon: frozen ? icons.liveIcon() : icons.freezeIcon(),
        press: () => (frozen ? this.#thaw(picture) : void this.#freeze(picture)),
        disabled: this.busy,
      },
      {
        id: 'draw',
        name: msg('Draw'),
        icon: icons.penIcon(),
        press: () => this.#toggleDrawing(picture),
        pressed: this.tool !== null,
      },
      ...(picture.source === 'camera' ? devices : []),
    ];
  }

  #drawButtons(picture: DrawnPicture) {
    const marks = this.#tools.snapshot?.drawing.marks ?? [];
    if (this.tool === null && marks.length === 0) return nothing;
    const pick = (tool: DrawingTool, name: string, icon: TemplateResult): ToolButton => {
      const press = () => {
        this.tool = tool;
        this.#surface?.focus();
      };
      return { id: tool, name, icon, press, pressed: this.tool === tool };
    };
    const none = marks.length === 0;
    return html`<div
      class="tools"
      role="group"
      aria-label=${msg('Drawing tools')}
      @keydown=${this.#focus.handleKeydown}
      @focusin=${this.#focus.handleFocusin}
    >
      ${
        this.tool === null
          ? nothing
          : html`${[
                pick('arrow', msg('Arrow'), icons.arrowIcon()),
                pick('circle', msg('Circle'), icons.circleIcon()),
                pick('line', msg('Free line'), icons.lineIcon()),
                pick('text', msg('Text'), icons.textIcon()),
                pick('number', msg('Number'), icons.numberIcon()),
                pick('pointer', msg('Laser pointer'), icons.pointerIcon()),
              ].map(button)}<span class="divider"></span>`
      }
      ${[
        {
          id: 'undo',
          name: msg('Undo'),
          icon: icons.undoIcon(),
          press: () => this.tools?.change({ kind: 'remove', markId: marks.at(-1)!.id }),
          disabled: none,
        },
        {
          id: 'clear',
          name: msg('Clear drawing'),
          icon: icons.clearIcon(),
          press: () => this.#clear(picture),
          disabled: none,
        },
        {
          id: 'save',
          name: msg('Save in the chat'),
          icon: icons.saveIcon(),
          press: () => void this.#save(),
          disabled: this.busy,
        },
      ].map(button)}
    </div>`;
  }

  protected override updated(): void {
    this.#placeSurface();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#surface?.remove();
    this.#surface = null;
  }

  /** What is drawn on now, else what a press would draw on. */
  get #picture(): DrawnPicture | null {
    const drawn = this.#tools.snapshot?.drawing.picture;
    if (drawn && this.#person(drawn.participant)) return drawn;
    const others = this.#room.snapshot?.people.filter(({ self }) => !self) ?? [];
    const shown = others.filter(({ camera, cameraOn, screen }) => screen || (camera && cameraOn));
    const person = shown.find(({ role }) => role === 'visitor') ?? shown.find(isGuest);
    if (!person) return null;
    return { participant: person.id, source: person.screen ? 'screen' : 'camera', still: null };
  }

  #person(id: string): Person | null {
    return this.#room.snapshot?.people.find((person) => person.id === id) ?? null;
  }

  #nameOf(id: string): string {
    return shownName(this.#person(id)?.name ?? '');
  }

  // ---- freezing --------------------------------------------------------------------------------

  async #freeze(picture: DrawnPicture): Promise<void> {
    const video = findTile(this.host, picture)?.video;
    await this.#run(async (tools) => {
      const image = video ? await framePicture(video) : null;
      if (image) await tools.freeze(picture, image);
    });
  }

  #thaw(picture: DrawnPicture): void {
    const live = this.tool === null ? null : { ...picture, still: null };
    this.tools?.change({ kind: 'show', picture: live });
  }

  // ---- drawing ---------------------------------------------------------------------------------

  #toggleDrawing(picture: DrawnPicture): void {
    if (this.tool !== null) return this.#leaveDrawing();
    this.tools?.change({ kind: 'show', picture });
    this.tool = 'arrow';
  }

  /** Marks are kept until they are cleared. Without marks the picture is as before. */
  #leaveDrawing(): void {
    this.tool = null;
    const { drawing } = this.tools?.getSnapshot() ?? {};
    if (drawing?.picture && !drawing.picture.still && drawing.marks.length === 0) {
      this.tools?.change({ kind: 'show', picture: null });
    }
    this.renderRoot.querySelector<HTMLElement>('[data-tool=draw]')?.focus();
  }

  #clear(picture: DrawnPicture): void {
    const over = this.tool === null && picture.still === null;
    this.tools?.change(over ? { kind: 'show', picture: null } : { kind: 'clear' });
  }

  /** The surface lies in the overlay, which is in the tile. */
  #placeSurface(): void {
    const picture = this.#tools.snapshot?.drawing.picture;
    if (this.tool === null || !picture || !this.tools) {
      this.#surface?.remove();
      this.#surface = null;
      return;
    }
    const { overlay } = followDrawing(this.host);
    const surface = this.#surface ?? this.#makeSurface();
    surface.overlay = overlay;
    surface.tools = this.tools;
    surface.tool = this.tool;
    surface.name = this.#nameOf(picture.participant);
    if (surface.parentNode !== overlay) overlay.append(surface);
  }

  #makeSurface(): DrawingSurface {
    const surface = document.createElement('rtc-drawing-surface');
    surface.addEventListener('leave-drawing', () => this.#leaveDrawing());
    return (this.#surface = surface);
  }

  async #save(): Promise<void> {
    const { overlay } = followDrawing(this.host);
    await this.#run(async (tools) => {
      const { picture } = overlay;
      const image = picture && (await framePicture(picture, tools.getSnapshot().drawing.marks));
      if (!image) return;
      this.host.room?.sendImage(image);
      this.note = msg('The picture is in the chat.');
    });
  }

  /** Runs something that takes a while, and tells its failure. */
  async #run(run: (tools: PictureToolsControl) => Promise<void>): Promise<void> {
    const { tools } = this;
    if (!tools || this.busy) return;
    this.busy = true;
    this.note = '';
    try {
      await run(tools);
    } catch (error) {
      console.warn('rtc-desk', error);
      this.note = msg('That did not work.');
    } finally {
      this.busy = false;
    }
  }
}

const isGuest = ({ role }: Person) => role === 'guest';

function button({ id, name, icon, press, pressed, disabled = false }: ToolButton) {
  return html`<button
    type="button"
    class="icon-button"
    data-tool=${id}
    aria-label=${name}
    title=${name}
    aria-pressed=${pressed ?? nothing}
    ?disabled=${disabled}
    @click=${press}
  >
    ${icon}
  </button>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-picture-toolbar': PictureToolbar;
  }
}
