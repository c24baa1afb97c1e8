import { localized, msg } from '@lit/localize';
import { LitElement, html } from 'lit';
import { consoleStyles, iconTextStyles } from '../parts/console-styles.ts';
import { getLocale } from '../../locales/admin/locales.ts';
import { chooseLanguage, chooseTheme, chosenTheme, type Theme } from './preferences.ts';

/** The menu of language and colours. Slotted items come before these. */
@localized()
export class ThemeMenu extends LitElement {
  static override styles = [consoleStyles, iconTextStyles];

  protected override render() {
    const theme = chosenTheme();
    const themes: [Theme, string][] = [
      ['auto', msg('Colours of the system')],
      ['light', msg('Light')],
      ['dark', msg('Dark')],
    ];
    return html`<wa-dropdown placement="bottom-end" @wa-select=${this.#handleSelect}>
      <wa-button slot="trigger" appearance="plain">
        <wa-icon name="language"></wa-icon>
        <span class="text">${msg('Display')}</span>
      </wa-button>
      <wa-dropdown-item type="checkbox" value="en" ?checked=${getLocale() === 'en'} lang="en">
        English
      </wa-dropdown-item>
      <wa-dropdown-item
        type="checkbox"
        value="zh-CN"
        ?checked=${getLocale() === 'zh-CN'}
        lang="zh-CN"
      >
        中文
      </wa-dropdown-item>
      <wa-divider></wa-divider>
      ${themes.map(
        ([value, label]) =>
          html`<wa-dropdown-item type="checkbox" value=${value} ?checked=${theme === value}>
            ${label}
          </wa-dropdown-item>`,
      )}
    </wa-dropdown>`;
  }

  #handleSelect(event: Event): void {
    const { value } = (event as CustomEvent<{ item: { value: string } }>).detail.item;
    if (value === 'en' || value === 'zh-CN') void chooseLanguage(value);
    else chooseTheme(value as Theme);
    this.requestUpdate();
  }
}
