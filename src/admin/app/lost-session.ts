import { localized, msg } from '@lit/localize';
import { LitElement, html } from 'lit';
import { property } from 'lit/decorators.js';
import { consoleStyles } from '../parts/console-styles.ts';
import type { RestClient } from '../rest/rest-client.ts';
import { SignedInEvent } from './sign-in-form.ts';

/** Asks for a new sign-in above the open page, so that nothing of the page is lost. It closes only when it is removed. */
@localized()
export class LostSession extends LitElement {
  static override styles = [consoleStyles];

  @property({ attribute: false }) rest!: RestClient;
  /** Who was signed in. */
  @property() username = '';

  protected override render() {
    return html`<wa-dialog
      label=${msg('Your session has ended')}
      open
      @wa-hide=${(event: Event) => {
        if (event.target === event.currentTarget && this.isConnected) event.preventDefault();
      }}
    >
      <div class="stack">
        <p>${msg('Sign in again. What you entered on this page is still there.')}</p>
        <rtc-sign-in-form
          .rest=${this.rest}
          username=${this.username}
          @signed-in=${({ session }: SignedInEvent) =>
            this.dispatchEvent(new SignedInEvent(session))}
        ></rtc-sign-in-form>
      </div>
    </wa-dialog>`;
  }
}
