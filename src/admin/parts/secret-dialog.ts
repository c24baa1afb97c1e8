import { localized, msg } from '@lit/localize';
import { LitElement, html } from 'lit';
import { state } from 'lit/decorators.js';
import { consoleStyles } from './console-styles.ts';
import { secretValue, secretValueStyles } from './secret-value.ts';

export interface Secret {
  readonly title: string;
  readonly text: string;
  /** The link, the key, or the codes, one a line. */
  readonly value: string;
}

/** Shows something that the server shows only once, with a button that copies it. */
@localized()
export class SecretDialog extends LitElement {
  static override styles = [consoleStyles, secretValueStyles];

  @state() private secret: Secret = { title: '', text: '', value: '' };
  @state() private open = false;
  #done: () => void = () => {};

  /** Resolves when the person closes the dialog. */
  show(secret: Secret): Promise<void> {
    this.secret = secret;
    this.open = true;
    return new Promise((resolve) => (this.#done = resolve));
  }

  protected override render() {
    const { title, text, value } = this.secret;
    return html`<wa-dialog
      label=${title}
      .open=${this.open}
      @wa-hide=${(event: Event) => {
        if (event.target === event.currentTarget) this.#close();
      }}
    >
      <div class="stack">
        <p>${text}</p>
        ${secretValue(value)}
      </div>
      <wa-button slot="footer" variant="brand" @click=${this.#close}>${msg('Done')}</wa-button>
    </wa-dialog>`;
  }

  readonly #close = (): void => {
    if (!this.open) return;
    this.open = false;
    this.secret = { ...this.secret, value: '' };
    this.#done();
  };
}
