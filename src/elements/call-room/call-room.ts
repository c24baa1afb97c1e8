import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type {
  RoomControl,
  RoomSnapshot,
  SourceName,
  ToolListener,
} from '../../call/room-control.ts';
import { LocaleController } from '../../locales/locale-controller.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import { StoreController } from '../parts/controllers/store-controller.ts';
import { ask, handleRequests } from '../parts/events/requests.ts';
import { buttonStyles } from '../parts/styles/button-styles.ts';
import { classNames } from '../parts/styles/template-bindings.ts';
import { theme } from '../parts/styles/theme.ts';
import { tellError } from '../parts/texts/error-text.ts';
import { callRoomStyles } from './call-room-styles.ts';
import type { LoadImage } from './chat/chat-image.ts';
import type { ChatPane } from './chat/chat-pane.ts';
import { CONTROLS, type CallControls, type ControlName } from './controls/call-controls.ts';
import { shortcutOf } from './controls/shortcuts.ts';
import { connectionNotice } from './connection-notice.ts';
import type { OwnRoom } from './own-room.ts';
import type * as Notices from './room-notices.ts';
import { roomChanges } from './room-changes.ts';
import { roomRequestHandlers, type RunInRoom } from './room-request-handlers.ts';
import { roomState } from './room-state.ts';
import type { Layout } from './stage/arrangement.ts';
import type { RoomStage } from './stage/room-stage.ts';
import type * as MoreTools from './tools/more-tools.ts';

const loadChat = () => import('./chat/define-chat.ts');

/** Without the code nothing changes, and the next press or message tries again. */
async function useTools(use: (tools: typeof MoreTools) => unknown): Promise<void> {
  try {
    await use(await import('./tools/more-tools.ts'));
  } catch (error) {
    console.warn('rtc-desk', error);
  }
}

const controlNames = {
  fromAttribute: (value: string | null): readonly ControlName[] =>
    value === null
      ? CONTROLS
      : CONTROLS.filter(
          (name) =>
            value.split(/[\s,]+/).includes(name) ||
            // The button of the menu in which these are.
            (name === 'more' && /devices|picture|fullscreen/.test(value)),
        ),
};

/**
 * @tag call-room
 * @summary A room: its people, the controls, and the conversation.
 *
 * @event {RoomJoinedEvent} room-joined - This person is in the room.
 * @event {ParticipantJoinedEvent} participant-joined - Somebody else entered, or was in the room already.
 * @event {ParticipantLeftEvent} participant-left - Somebody else left.
 * @event {RoomLeftEvent} room-left - This person is no longer in the room.
 * @event {CallErrorEvent} call-error - Something failed that a person should know of.
 *
 * @csspart stage - The area of the tiles.
 * @csspart tile - A person's camera, or their shared screen.
 * @csspart notices - The notices above the picture.
 * @csspart controls - The toolbar.
 * @csspart chat - The conversation with its field.
 * @csspart composer - The text field and its buttons.
 *
 * @cssproperty --rtc-accent - The accent colour: main buttons, focus, the speaker's frame.
 * @cssproperty --rtc-on-accent - Text on the accent.
 * @cssproperty --rtc-surface - The background.
 * @cssproperty --rtc-surface-raised - The background of cards, menus and the conversation.
 * @cssproperty --rtc-surface-sunken - The background of fields and of others' messages.
 * @cssproperty --rtc-text - Text.
 * @cssproperty --rtc-text-quiet - Secondary text.
 * @cssproperty --rtc-line - Separating lines.
 * @cssproperty --rtc-danger - Leaving, failures, switched-off devices.
 * @cssproperty --rtc-on-danger - Text on the danger colour.
 * @cssproperty --rtc-warn - Notices that need attention.
 * @cssproperty --rtc-radius - The corners of tiles and cards.
 * @cssproperty --rtc-font - The font family.
 */
export class CallRoom extends LitElement {
  static override styles = [theme, buttonStyles, callRoomStyles];

  /** The desk's address. Default: the origin of this script. */
  @property() server = '';
  /** Enters the room of this token. */
  @property() token = '';
  /** A room that other code entered, used instead of `token`. Removing the element does not leave it. */
  @property({ attribute: false }) session: RoomControl | null = null;
  /** How the people are laid out: `auto`, `grid` or `speaker`. */
  @property() layout: Layout = 'auto';
  /** The controls to show, by name, separated by spaces. Without the attribute: all. */
  @property({ converter: controlNames }) controls: readonly ControlName[] = CONTROLS;
  /** Whether the conversation is shown. */
  @property({ type: Boolean, reflect: true, attribute: 'chat-open' }) chatOpen = false;

  @state() private failure: ErrorCode | null = null;
  @state() private dismissed: ReadonlySet<string> = new Set();
  @state() private notices: typeof Notices | null = null;
  @query('rtc-room-stage') private stage!: RoomStage | null;
  @query('rtc-call-controls') private bar!: CallControls | null;
  @query('rtc-chat-pane') private pane!: ChatPane | null;

  /** The room that the element enters by itself; null before the first token. */
  #own: OwnRoom | null = null;
  readonly #store = new StoreController<RoomSnapshot>(this, () => this.room);
  #chatCode: Promise<unknown> = Promise.resolve();
  #seen: { room: RoomControl | null; snapshot: RoomSnapshot | null } = {
    room: null,
    snapshot: null,
  };

  constructor() {
    super();
    new LocaleController(this);
    handleRequests(this, {
      ...roomRequestHandlers(this.#run),
      'chat-request': ({ open }) => void this.#showChat(open),
      'more-request': (asked) => void useTools((tools) => tools.handleRequest(this, asked)),
    });
    this.addEventListener('keydown', (event) => this.handleShortcut(event));
    this.addEventListener('fullscreenchange', () => this.requestUpdate());
  }

  /** The room, for features without a control of their own, such as a watermark; null without a room. */
  get room(): RoomControl | null {
    return this.session ?? this.#own?.room ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#enter();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('server') || changed.has('token') || changed.has('session')) this.#enter();
    if (changed.has('chatOpen') && this.chatOpen) {
      this.renderRoot.querySelector('rtc-chat-peek')?.remove();
      this.#loadChat();
    }
  }

  protected override render() {
    const snapshot = this.#store.snapshot;
    const over = snapshot?.state === 'left' || snapshot?.state === 'failed';
    const withControls = this.controls.length > 0 && snapshot !== null && !over;
    const classes = {
      room: true,
      'with-chat': this.chatOpen,
      'without-controls': !withControls,
      nobody: !snapshot?.people.length,
    };
    return html`<div class=${classNames(classes)}>
      <div class="view">
        <rtc-room-stage
          part="stage"
          exportparts="tile"
          .people=${snapshot?.people ?? []}
          .layout=${this.layout}
        ></rtc-room-stage>
        ${snapshot ? this.#clock(snapshot) : nothing} ${this.#state(snapshot, over)}
        ${snapshot && !over ? this.#notices(snapshot) : nothing}
      </div>
      ${this.chatOpen && snapshot ? this.#conversation(snapshot) : nothing}
      ${withControls ? this.#controls(snapshot) : nothing}
    </div>`;
  }

  /** The length of the call. An agent's desk shows it beside the room, so that the agent needs it only in full screen. */
  #clock({ state, connectedAt, people }: RoomSnapshot) {
    const role = people[0]?.role;
    const shown = role === 'visitor' || (role === 'agent' && this.matches(':fullscreen'));
    if (!shown || state === 'left' || state === 'failed' || connectedAt === null) return nothing;
    return html`<rtc-call-clock .since=${connectedAt}></rtc-call-clock>`;
  }

  #state(snapshot: RoomSnapshot | null, over: boolean) {
    if (!over && (snapshot || !this.failure)) return roomState(snapshot);
    this.#loadNotices();
    return this.notices?.roomOver(this, snapshot, this.failure, this.#enterAgain);
  }

  #notices(snapshot: RoomSnapshot) {
    const { people, local } = snapshot;
    const needed =
      this.failure ??
      snapshot.mediaError ??
      local.camera.error ??
      local.microphone.error ??
      (snapshot.audioBlocked ||
        snapshot.fellBack ||
        snapshot.mediaMode ||
        local.screen.state === 'on');
    if (needed) this.#loadNotices();
    return html`<div class="notices" part="notices">
      ${connectionNotice(snapshot, people[0]?.role === 'agent' && !this.matches(':fullscreen'))}
      ${
        needed
          ? this.notices?.roomNotices(snapshot, {
              failure: this.failure,
              chatOpen: this.chatOpen,
              dismissed: this.dismissed,
              dismiss: (key) => {
                if (key === 'failure') this.failure = null;
                else this.dismissed = new Set([...this.dismissed, key]);
              },
              run: this.#run,
            })
          : nothing
      }
    </div>`;
  }

  /** Without a connection the notice of the connection is shown, and the next update tries again. */
  #loadNotices(): void {
    if (this.notices) return;
    import('./room-notices.ts').then(
      (notices) => (this.notices = notices),
      (error) => console.warn('rtc-desk', error),
    );
  }

  #conversation(snapshot: RoomSnapshot) {
    return html`<rtc-chat-pane
      exportparts="chat, composer"
      closable
      .chat=${snapshot.chat}
      .failure=${this.failure}
      .room=${snapshot.room}
      .loadImage=${this.#loadImage}
    ></rtc-chat-pane>`;
  }

  #controls(snapshot: RoomSnapshot) {
    return html`<rtc-call-controls
      exportparts="controls"
      .local=${snapshot.local}
      .shown=${this.controls.filter((name) => !snapshot.withheld?.includes(name as SourceName))}
      .selfRole=${snapshot.people.find(({ self }) => self)?.role ?? null}
      .unread=${snapshot.chat.unread}
      .chatOpen=${this.chatOpen}
    ></rtc-call-controls>`;
  }

  protected override updated(): void {
    const room = this.room;
    const snapshot = this.#store.snapshot;
    const before = this.#seen.room === room ? this.#seen.snapshot : null;
    if (room && this.#seen.room !== room) room.onToolMessage = this.#handleToolMessage;
    this.#seen = { room, snapshot };
    if (!before && this.chatOpen) void room?.openChat();
    if (before === snapshot) return;
    if (snapshot?.pictureTools) void useTools((tools) => tools.followDrawing(this));
    if (snapshot?.captions) void useTools((tools) => tools.followCaptions(this));
    // What failed for want of a connection can be tried again.
    if (
      this.failure === 'offline' &&
      before?.signaling === 'offline' &&
      snapshot?.signaling === 'online'
    ) {
      this.failure = null;
    }
    if (room && snapshot?.state === 'joined' && matchMedia('(pointer: coarse)').matches) {
      import('./phone/phone-call.ts').then(
        ({ servePhone }) => servePhone(room),
        (error) => console.warn('rtc-desk', error),
      );
    }
    // Somebody wrote: the conversation is likely to be opened soon.
    if (room && snapshot && snapshot.chat.unread > (before?.chat.unread ?? 0)) this.#peek(room);
    for (const event of roomChanges(before, snapshot)) this.dispatchEvent(event);
    if (snapshot?.state === 'failed' && before?.state !== 'failed') {
      void tellError(this, snapshot.error ?? 'server-error');
    }
  }

  /** The code of a tool is loaded with the first message for it. */
  readonly #handleToolMessage: ToolListener = (message, from) =>
    void useTools((tools) => tools.handleToolMessage(this, message, from));

  readonly #enterAgain = (): void => {
    this.failure = null;
    this.#enter();
  };

  #enter(): void {
    if (this.#own) this.#enterOwn(this.#own);
    else if (this.token && !this.session) void this.#loadOwn();
  }

  async #loadOwn(): Promise<void> {
    try {
      const { OwnRoom } = await import('./own-room.ts');
      this.#own ??= new OwnRoom(this, (error) => this.#fail(error));
      this.#enterOwn(this.#own);
    } catch (cause) {
      this.#fail(new RtcDeskError('offline', undefined, { cause }));
    }
  }

  /** Enters by the present properties: they may have changed while the code was loading. */
  #enterOwn(own: OwnRoom): void {
    if (!this.isConnected) return;
    const server = this.server || new URL(import.meta.url).origin;
    own.enter(server, this.session ? '' : this.token);
  }

  readonly #loadImage: LoadImage = async (id) => {
    const room = this.room;
    if (!room) throw new RtcDeskError('not-found');
    return room.loadImage(id);
  };

  readonly #run: RunInRoom = (run) => {
    const { room } = this;
    return room !== null && this.#take(() => run(room));
  };

  /** Runs a request, and tells a failure. Returns false if it failed at once. */
  #take(run: () => unknown): boolean {
    this.failure = null;
    try {
      Promise.resolve(run()).catch((error: unknown) => this.#fail(error));
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof RtcDeskError)) console.error(error);
    const code = error instanceof RtcDeskError ? error.code : 'server-error';
    this.failure = code;
    void tellError(this, code);
  }

  /** The pane takes its place at once, and is filled when its code is loaded. */
  #loadChat(): void {
    this.failure = null;
    void this.room?.openChat();
    this.#chatCode = loadChat().catch((cause: unknown) => {
      this.chatOpen = false;
      this.#fail(new RtcDeskError('offline', undefined, { cause }));
    });
  }

  /** Without its code the message is counted all the same. The code is loaded again with the next one. */
  #peek(room: RoomControl): void {
    loadChat().then(
      ({ showPeek }) => showPeek(this, room),
      (error) => console.warn('rtc-desk', error),
    );
  }

  async #showChat(open: boolean): Promise<void> {
    this.chatOpen = open;
    await this.updateComplete;
    if (open) await this.#chatCode;
    if (open) await this.pane?.updateComplete;
    if (open) this.pane?.focus();
    else this.bar?.focusControl('chat');
  }

  /** A key that was pressed in this element, or in one around it that shows the room. */
  handleShortcut(event: KeyboardEvent): void {
    const snapshot = this.#store.snapshot;
    const name = shortcutOf(event);
    if (!name || !snapshot || !this.bar || !this.controls.includes(name)) return;
    event.preventDefault();
    if (name === 'fullscreen') ask(this.bar, 'more-request', { anchor: null, tool: name });
    else this.bar.press(name);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'call-room': CallRoom;
  }
}
