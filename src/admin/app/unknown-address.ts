import { localized, msg } from '@lit/localize';
import { LitElement, html } from 'lit';
import { consoleStyles } from '../parts/console-styles.ts';

/** For an address of the console that no page has. */
@localized()
export class UnknownAddress extends LitElement {
  static override styles = [consoleStyles];

  protected override render() {
    return html`<div class="card stack">
      <h1>${msg('There is no page at this address')}</h1>
      <p class="quiet">${msg('The link may be old, or a letter is missing.')}</p>
      <p><a href="/admin" rel="external">${msg('Go to the start of the console')}</a></p>
    </div>`;
  }
}
