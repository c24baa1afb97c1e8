import { msg, str } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Dispositions } from '../../../protocol/rest/dispositions.ts';
import { below } from '../../parts/fields.ts';
import { FormPage } from '../../parts/form-page.ts';
import { styleProperties } from '../../../elements/parts/styles/template-bindings.ts';
import { ID_PATTERN, suggestId } from '../../parts/suggest-id.ts';
import type { Versioned } from '../../rest/rest-client.ts';
import { LANGUAGES, withText } from '../languages.ts';
import {
  addNode,
  changeNode,
  listNodes,
  MAX_LEVELS,
  moveNode,
  removeNode,
  type DispositionNode,
  type Path,
} from './disposition-tree.ts';

type TreeValue = { readonly dispositions: readonly DispositionNode[] };

/** The page `Dispositions`: the tree of outcomes from which agents choose. */
export class DispositionsPage extends FormPage<TreeValue> {
  static override styles = [
    ...FormPage.styles,
    css`
      .node {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 150px), 1fr)) auto;
        gap: 8px 12px;
        align-items: end;
        margin-inline-start: calc(var(--level) * 28px);
        padding: 10px 0 10px 14px;
        border-inline-start: 3px solid var(--wa-color-brand-border-normal);
      }
      .buttons {
        display: flex;
      }
      @media (max-width: 640px) {
        .node {
          grid-template-columns: 1fr;
          margin-inline-start: calc(var(--level) * 12px);
        }
      }
    `,
  ];

  protected get heading(): string {
    return msg('Dispositions');
  }

  protected blank(): TreeValue {
    return { dispositions: [] };
  }

  protected read(_key: string, signal: AbortSignal): Promise<Versioned<TreeValue>> {
    return this.context.rest.read<TreeValue>('/dispositions', {}, signal);
  }

  protected create(): Promise<string> {
    throw new Error('The tree is always there.');
  }

  protected write(_key: string, change: Partial<TreeValue>, etag: string) {
    // The server allows three levels, and the type says so; the form has a button for no more.
    const body = change as Dispositions;
    return this.context.rest.send<TreeValue>('/dispositions', {
      method: 'PUT',
      body,
      ifMatch: etag,
    });
  }

  protected check({ dispositions }: TreeValue): Record<string, string> {
    const nodes = listNodes(dispositions).map(({ node }) => node);
    const codes = nodes.map(({ code }) => code);
    if (nodes.some(({ label }) => Object.keys(label).length === 0)) {
      return { dispositions: msg('Enter a text for each disposition, at least in one language.') };
    }
    if (codes.some((code) => !ID_PATTERN.test(code))) {
      return { dispositions: msg('Each code needs the letters a to z, digits or hyphens.') };
    }
    const twice = codes.find((code, index) => codes.indexOf(code) !== index);
    return twice ? { dispositions: msg(str`The code ${twice} is there twice.`) } : {};
  }

  protected label(): string {
    return msg('Dispositions');
  }

  protected auditSubject(): null {
    return null;
  }

  protected override renderActions(): TemplateResult {
    return html`<wa-button variant="brand" @click=${() => this.#add([])}>
      <wa-icon slot="start" name="plus"></wa-icon>${msg('New disposition')}
    </wa-button>`;
  }

  protected renderFields(): TemplateResult {
    const nodes = listNodes(this.value.dispositions);
    return html`<p class="quiet">
        ${msg('How a call went. Agents choose one in the wrap-up; reports count them.')}
      </p>
      <div class="card section">
        ${
          nodes.length === 0
            ? html`<p class="quiet">${msg('No dispositions yet.')}</p>`
            : nodes.map(({ node, path, siblings }) => this.#renderNode(node, path, siblings))
        }
        ${below(this, 'dispositions')}
      </div>`;
  }

  #renderNode(node: DispositionNode, path: Path, siblings: number) {
    const id = path.join('-');
    const index = path.at(-1) ?? 0;
    const name = node.label.en ?? node.label['zh-CN'] ?? node.code;
    const change = (part: Partial<DispositionNode>) =>
      this.#set(changeNode(this.value.dispositions, path, part));
    return html`<div
      class="node"
      role="group"
      aria-label=${name || msg('New disposition')}
      ${styleProperties({ '--level': String(path.length - 1) })}
    >
      ${LANGUAGES.map(
        ({ value: language, label }) =>
          html`<div class="field">
            <label for="${language}-${id}" lang=${language}>${label}</label>
            <input
              id="${language}-${id}"
              maxlength="80"
              autocomplete="off"
              lang=${language}
              .value=${live(node.label[language] ?? '')}
              @input=${(event: Event) => {
                const text = (event.target as HTMLInputElement).value;
                const follows = language === 'en' && node.code === suggestId(node.label.en ?? '');
                change({
                  label: withText(node.label, language, text),
                  ...(follows && { code: suggestId(text) }),
                });
              }}
            />
          </div>`,
      )}
      <div class="field">
        <label for="code-${id}">${msg('Code')}</label>
        <input
          id="code-${id}"
          maxlength="63"
          autocomplete="off"
          spellcheck="false"
          .value=${live(node.code)}
          @input=${(event: Event) => change({ code: (event.target as HTMLInputElement).value })}
        />
      </div>
      <div class="buttons">
        ${
          path.length < MAX_LEVELS
            ? this.#button('plus', msg(str`Add below ${name}`), () => this.#add(path))
            : nothing
        }
        ${this.#button('arrow-up', msg(str`Move ${name} up`), () => this.#move(path, -1), index === 0)}
        ${this.#button(
          'arrow-down',
          msg(str`Move ${name} down`),
          () => this.#move(path, 1),
          index === siblings - 1,
        )}
        ${this.#button('trash', msg(str`Remove ${name}`), () =>
          this.#set(removeNode(this.value.dispositions, path)),
        )}
      </div>
    </div>`;
  }

  #button(icon: string, label: string, press: () => void, disabled = false) {
    return html`<wa-button appearance="plain" size="s" ?disabled=${disabled} @click=${press}>
      <wa-icon name=${icon} label=${label}></wa-icon>
    </wa-button>`;
  }

  #add(parent: Path): void {
    this.#set(addNode(this.value.dispositions, parent, { code: '', label: {} }));
  }

  #move(path: Path, by: -1 | 1): void {
    this.#set(moveNode(this.value.dispositions, path, by));
  }

  #set(dispositions: readonly DispositionNode[]): void {
    this.change('dispositions', dispositions);
  }
}
