import { localized, msg } from '@lit/localize';
import { LitElement, html } from 'lit';
import { state } from 'lit/decorators.js';
import type { Question } from '../app/console-context.ts';
import { consoleStyles } from './console-styles.ts';

/** Asks one question at a time. */
@localized()
export class ConfirmDialog extends LitElement {
  static override styles = [consoleStyles];

  @state() private question: Question = { title: '', text: '', action: '' };
  @state() private open = false;
  #answer: (confirmed: boolean) => void = () => {};

  /** Resolves to true if the person presses the action. */
  ask(question: Question): Promise<boolean> {
    this.#answer(false);
    this.question = question;
    this.open = true;
    return new Promise((resolve) => (this.#answer = resolve));
  }

  protected override render() {
    const { title, text, action, danger = false } = this.question;
    return html`<wa-dialog
      label=${title}
      .open=${this.open}
      @wa-hide=${(event: Event) => {
        if (event.target === event.currentTarget) this.#close(false);
      }}
    >
      <p>${text}</p>
      <wa-button slot="footer" appearance="outlined" @click=${() => this.#close(false)}>
        ${msg('Cancel')}
      </wa-button>
      <wa-button
        slot="footer"
        variant=${danger ? 'danger' : 'brand'}
        @click=${() => this.#close(true)}
      >
        ${action}
      </wa-button>
    </wa-dialog>`;
  }

  #close(confirmed: boolean): void {
    this.open = false;
    this.#answer(confirmed);
    this.#answer = () => {};
  }
}
