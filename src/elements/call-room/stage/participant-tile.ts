import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { Person } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { micOffIcon, verifiedIcon } from '../../parts/icons.ts';
import { classNames } from '../../parts/styles/template-bindings.ts';
import { initials, isNameless, shownName } from '../../parts/texts/names.ts';
import { participantTileStyles } from './participant-tile-styles.ts';
import { qualityMark } from './quality-mark.ts';

/** A person's camera, or their shared screen: a group with their name, and a `<video>` inside. */
export class ParticipantTile extends LitElement {
  static override styles = participantTileStyles;

  @property({ attribute: false }) person: Person | null = null;
  @property() kind: 'camera' | 'screen' = 'camera';
  /** A small tile leaves out what does not fit. */
  @property({ type: Boolean, reflect: true }) compact = false;

  @property({ type: Boolean }) pinnable = false;
  @property({ type: Boolean }) pinned = false;

  @query('video') readonly video!: HTMLVideoElement;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    const { person } = this;
    if (!person) return nothing;
    const screen = this.kind === 'screen';
    const personName = shownName(person.name);
    const shown = screen ? person.screen !== null : person.cameraOn && person.camera !== null;
    const mirrored = person.self && !screen && facesPerson(person.camera);
    const classes = { speaking: person.speaking && !screen, shown, tile: true };
    return html`<div
      class=${classNames(classes)}
      role="group"
      tabindex=${person.self || !shown ? nothing : 0}
      aria-label=${screen ? msg(str`${personName}’s screen`) : personName}
    >
      ${screen ? nothing : this.#avatar(person)}
      <video
        class=${classNames({ mirrored })}
        ?hidden=${!shown}
        muted
        playsinline
        autoplay
        disablepictureinpicture=${person.self || nothing}
        @loadeddata=${person.self ? nothing : () => ask(this, 'first-frame-request')}
      ></video>
      ${this.#veil(person)} ${this.#label(person, screen)}
      ${
        person.self || !shown
          ? nothing
          : html`<rtc-picture-tools
              .tile=${this}
              .pinnable=${this.pinnable}
              .pinned=${this.pinned}
              .compact=${this.compact}
            ></rtc-picture-tools>`
      }
    </div>`;
  }

  #avatar(person: Person) {
    return html`<div class="avatar" aria-hidden="true">
        <span>${initials(shownName(person.name))}</span>
      </div>
      ${person.cameraMissing ? html`<p class="missing">${msg('No camera')}</p>` : nothing}`;
  }

  #label(person: Person, screen: boolean) {
    const personName = shownName(person.name);
    const name = screen ? msg(str`${personName}’s screen`) : person.self ? msg('You') : personName;
    const doubtful =
      !person.verified &&
      !person.self &&
      person.role !== 'agent' &&
      !screen &&
      !isNameless(person.name);
    return html`<div class="label">
      ${
        person.microphoneOn || screen
          ? nothing
          : html`<span class="muted"
              >${micOffIcon()}${
                person.microphoneMissing
                  ? msg('No microphone')
                  : html`<span class="visually-hidden">${msg('Microphone off')}</span>`
              }</span
            >`
      }
      <span class="name" dir="auto">${name}</span>
      ${
        person.verified && !person.self && !screen
          ? html`<span class="verified"
              >${verifiedIcon()}<span class="visually-hidden">${msg('Name verified')}</span></span
            >`
          : nothing
      }
      ${
        doubtful
          ? html`<span class="doubtful" title=${msg('Name not verified')}
              ><span class="word">${msg('unverified')}</span></span
            >`
          : nothing
      }
      ${screen ? nothing : qualityMark(person.quality)}
    </div>`;
  }

  #veil(person: Person) {
    if (person.state === 'connected') return nothing;
    const text = {
      connecting: msg('Connecting…'),
      reconnecting: msg('Reconnecting…'),
      away: msg('Connection lost'),
    }[person.state];
    return html`<div class="veil ${person.state}">
      ${person.state === 'away' ? nothing : html`<span class="spinner"></span>`}<span>${text}</span>
    </div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    if (!this.video) return;
    // The `muted` attribute counts only while an element is created, so that the property is set, too.
    this.video.muted = true;
    const track = this.kind === 'screen' ? this.person?.screen : this.person?.camera;
    const shown = this.video.srcObject as MediaStream | null;
    if ((shown?.getVideoTracks()[0] ?? null) === (track ?? null)) return;
    this.video.srcObject = track ? new MediaStream([track]) : null;
    if (track) this.#play();
  }

  /** Starts a video that was hidden when its track came. */
  #play(): void {
    this.video.play().catch(() => {
      // The element was moved, or another track came meanwhile: then `autoplay` starts it.
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.video) this.video.srcObject = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }
}

/** False for the back camera of a phone, whose picture must not be mirrored. */
function facesPerson(track: MediaStreamTrack | null): boolean {
  return track?.getSettings().facingMode !== 'environment';
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-participant-tile': ParticipantTile;
  }
}
