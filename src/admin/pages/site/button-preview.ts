import { localized, msg } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import { getLocale } from '../../../locales/admin/locales.ts';
import type { ButtonSettings } from '../../../protocol/rest/site-settings.ts';
import { consoleStyles } from '../../parts/console-styles.ts';
import { pasteLine } from './paste-line.ts';

/** The line to paste, and the button on a sample page. */
@localized()
export class ButtonPreview extends LitElement {
  static override styles = [
    consoleStyles,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      .line {
        display: flex;
        gap: 8px;
        align-items: start;
        padding: 14px;
        border-radius: 8px;
        background: var(--wa-color-surface-lowered);
      }
      code {
        flex: 1;
        min-width: 0;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      iframe {
        width: 100%;
        height: 320px;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: 8px;
      }
    `,
  ];

  @property() site = '';
  @property({ attribute: false }) button!: ButtonSettings;

  protected override render() {
    const language = getLocale() === 'zh-CN' ? 'zh-CN' : 'en';
    const line = pasteLine(location.origin, this.site, this.button, language);
    const { placement, theme, accent, label } = this.button;
    const query = new URLSearchParams({
      site: this.site,
      lang: language,
      placement,
      theme,
      ...(accent && { accent }),
      ...(label[language] && { label: label[language] }),
    });
    return html`<p id="line-label"><strong>${msg('Paste this into your page')}</strong></p>
      <div class="line">
        <code aria-labelledby="line-label" role="region" tabindex="0">${line}</code>
        <wa-copy-button
          .value=${line}
          copy-label=${msg('Copy')}
          success-label=${msg('Copied')}
          error-label=${msg('Not copied')}
        ></wa-copy-button>
      </div>
      <p class="quiet">${msg('A sample page. A press on its button starts no call.')}</p>
      <iframe src="/admin-preview?${query.toString()}" title=${msg('Sample page')}></iframe>`;
  }
}
