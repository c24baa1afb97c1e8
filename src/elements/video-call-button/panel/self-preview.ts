import { LitElement, css, html, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';

/** The person's own camera, muted. Only the camera that looks at the person is mirrored. */
export class SelfPreview extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    video {
      display: block;
      inline-size: 100%;
      block-size: 100%;
      object-fit: contain;
    }
    .mirrored {
      object-fit: cover;
      transform: scaleX(-1);
    }
  `;

  @property({ attribute: false }) track: MediaStreamTrack | null = null;

  @query('video') private readonly video!: HTMLVideoElement;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.video.srcObject = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#show();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('track')) this.#show();
  }

  protected override render() {
    const mirrored = this.track?.getSettings().facingMode !== 'environment';
    return html`<video
      class=${mirrored ? 'mirrored' : ''}
      autoplay
      playsinline
      .muted=${true}
      aria-hidden="true"
    ></video>`;
  }

  #show(): void {
    this.video.srcObject = this.track && new MediaStream([this.track]);
  }
}
