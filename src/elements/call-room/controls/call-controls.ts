import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { LocalMediaSnapshot } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { ParticipantRole } from '../../../protocol/views.ts';
import { RovingFocus } from '../../parts/controllers/roving-focus.ts';
import { ask } from '../../parts/events/requests.ts';
import * as icons from '../../parts/icons.ts';
import { classNames } from '../../parts/styles/template-bindings.ts';
import { callControlsStyles } from './call-controls-styles.ts';
import { shortcuts } from './shortcuts.ts';

/**
 * The names for the `controls` attribute of `<call-room>`, in the order of the toolbar. Devices, picture in picture and
 * full screen are entries of the menu behind More.
 */
export const CONTROLS = [
  'microphone',
  'camera',
  'flip',
  'screen',
  'chat',
  'devices',
  'picture-in-picture',
  'fullscreen',
  'more',
  'leave',
] as const;
export type ControlName = (typeof CONTROLS)[number];

interface ControlButton {
  readonly control: ControlName;
  readonly name: string;
  readonly icon: TemplateResult;
  readonly press: (button: HTMLElement) => void;
  readonly classes?: Record<string, boolean>;
  readonly key?: string;
  readonly expanded?: boolean;
  readonly note?: string;
  readonly badge?: string;
  readonly popup?: 'menu';
}

/** The toolbar of a call. Each press is a request; the next snapshot shows the result. */
export class CallControls extends LitElement {
  static override styles = callControlsStyles;

  @property({ attribute: false }) local: LocalMediaSnapshot | null = null;
  @property({ attribute: false }) shown: readonly ControlName[] = CONTROLS;
  /** This person's role: an agent ends the call, everybody else leaves it. */
  @property({ attribute: false }) selfRole: ParticipantRole | null = null;
  @property({ type: Number }) unread = 0;
  @property({ type: Boolean }) chatOpen = false;

  readonly #focus = new RovingFocus(this, 'button');

  constructor() {
    super();
    new LocaleController(this);
  }

  focusControl(name: ControlName): void {
    this.#find(name)?.focus();
  }

  /** Presses a control as a pointer does. Does nothing if it is not shown. */
  press(name: ControlName): void {
    this.#find(name)?.click();
  }

  #find(name: ControlName): HTMLButtonElement | null {
    return this.renderRoot.querySelector<HTMLButtonElement>(`button[data-control='${name}']`);
  }

  protected override render() {
    return html`<div
        part="controls"
        class="bar"
        role="toolbar"
        aria-label=${msg('Call controls')}
        @keydown=${this.#focus.handleKeydown}
        @focusin=${this.#focus.handleFocusin}
      >
        ${CONTROLS.filter((name) => this.shown.includes(name)).map((name) => this.#control(name))}
      </div>
      <span class="visually-hidden" role="status"
        >${this.unread && !this.chatOpen ? unreadText(this.unread) : ''}</span
      >`;
  }

  #control(name: ControlName) {
    switch (name) {
      case 'microphone':
        return this.#microphone();
      case 'camera':
        return this.#camera();
      case 'flip':
        return this.#flip();
      case 'screen':
        return this.#screen();
      case 'chat':
        return this.#chat();
      case 'more':
        return this.#button({
          control: 'more',
          name: msg('More'),
          icon: icons.moreIcon(),
          popup: 'menu',
          press: (anchor) => ask(this, 'more-request', { anchor }),
        });
      case 'leave':
        return this.#leave();
      default:
        // An entry of the menu behind More.
        return nothing;
    }
  }

  #microphone() {
    const on = this.local?.microphone.state === 'on';
    return this.#button({
      control: 'microphone',
      name: on ? msg('Mute microphone') : msg('Unmute microphone'),
      icon: on ? icons.micIcon() : icons.micOffIcon(),
      classes: { off: !on },
      key: shortcuts.microphone,
      press: () => ask(this, 'microphone-request', { on: !on }),
    });
  }

  #camera() {
    const on = this.local?.camera.state === 'on';
    return this.#button({
      control: 'camera',
      name: on ? msg('Turn camera off') : msg('Turn camera on'),
      icon: on ? icons.videoIcon() : icons.videoOffIcon(),
      classes: { off: !on },
      key: shortcuts.camera,
      press: () => ask(this, 'camera-request', { on: !on }),
    });
  }

  #flip() {
    const side = this.local?.otherSide;
    if (!side) return nothing;
    return this.#button({
      control: 'flip',
      name: msg('Flip camera'),
      icon: icons.flipIcon(),
      press: () => ask(this, 'use-camera-request', { deviceId: side }),
    });
  }

  #screen() {
    // A phone's browser cannot share its screen.
    if (!navigator.mediaDevices?.getDisplayMedia) return nothing;
    const on = this.local?.screen.state === 'on';
    return this.#button({
      control: 'screen',
      name: on ? msg('Stop sharing') : msg('Share screen'),
      icon: icons.screenIcon(),
      classes: { active: on },
      press: () => ask(this, 'screen-request', { on: !on }),
    });
  }

  #chat() {
    const { unread, chatOpen } = this;
    return this.#button({
      control: 'chat',
      name: msg('Chat'),
      icon: icons.chatIcon(),
      expanded: chatOpen,
      key: shortcuts.chat,
      ...(unread && !chatOpen
        ? { badge: unread > 99 ? '99+' : String(unread), note: unreadText(unread) }
        : {}),
      press: () => ask(this, 'chat-request', { open: !chatOpen }),
    });
  }

  #leave() {
    const name = this.selfRole === 'agent' ? msg('End call') : msg('Leave call');
    return html`<button
      class="icon-button danger leave"
      data-control="leave"
      type="button"
      aria-label=${name}
      @click=${() => ask(this, 'leave-request')}
    >
      ${icons.hangUpIcon()}<span class="words" aria-hidden="true">${name}</span>
    </button>`;
  }

  #button(button: ControlButton) {
    const { control, name, icon, press, classes = {}, key, expanded, note, badge, popup } = button;
    return html`<button
      type="button"
      data-control=${control}
      class=${classNames({ 'icon-button': true, ...classes })}
      aria-label=${name}
      aria-expanded=${expanded ?? nothing}
      aria-haspopup=${popup ?? nothing}
      aria-description=${note ?? nothing}
      aria-keyshortcuts=${key ?? nothing}
      @click=${(event: Event) => press(event.currentTarget as HTMLElement)}
    >
      ${icon}${badge ? html`<span class="badge" data-count=${badge}></span>` : nothing}
      <span class="tip" aria-hidden="true"
        >${name}${key ? html`<kbd data-key=${key.toUpperCase()}></kbd>` : nothing}</span
      >
    </button>`;
  }
}

function unreadText(count: number): string {
  return count === 1 ? msg('1 new message') : msg(str`${count} new messages`);
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-call-controls': CallControls;
  }
}
