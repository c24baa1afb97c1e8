import { msg, str } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import type { FlowRecord } from '../../../protocol/rest/flows.ts';
import { oneField } from '../../flows/forms/step-form-host.ts';
import { textField } from '../../parts/fields.ts';
import { publishedText } from './flow-list.ts';

export const flowHeadStyles = css`
  .page-head {
    margin-bottom: 8px;
  }
  .name {
    flex: 0 1 240px;
  }
  .problem {
    margin-bottom: 12px;
  }
  .used {
    margin-top: 6px;
  }
`;

interface FlowHead {
  readonly record: FlowRecord;
  readonly name: string;
  readonly changed: boolean;
  rename(name: string): void;
  showVersions(): void;
  exportFile(): void;
  importFile(file: File): void;
  /** Null where the person may not. */
  readonly makeDefault: (() => void) | null;
}

/** The name of the flow, what of it is published, and what is done with the whole of it. */
export function flowHead(head: FlowHead): TemplateResult {
  const { record, name, changed } = head;
  const button = (label: string, press: (event: Event) => void) =>
    html`<wa-button appearance="outlined" size="s" @click=${press}>${label}</wa-button>`;
  return html`<div class="page-head">
    <div>
      <h1>${record.name}</h1>
      <p class="quiet">
        ${msg(str`Published: ${publishedText(record)}`)}
        ${changed ? html` · ${msg('Not saved yet')}` : nothing}
      </p>
      ${record.publishedVersion === null ? nothing : usedBy(head)}
    </div>
    <div class="name">
      ${textField(
        oneField('name', name, (to) => head.rename(String(to))),
        { name: 'name', label: msg('Name'), maxLength: 80 },
      )}
    </div>
    <div class="row">
      ${button(msg('Versions'), head.showVersions)} ${button(msg('Export'), head.exportFile)}
      ${button(msg('Import'), (event) => {
        const next = (event.currentTarget as Element).nextElementSibling;
        if (next instanceof HTMLInputElement) next.click();
      })}
      <input
        type="file"
        hidden
        accept=".json,application/json"
        aria-label=${msg('File of a flow')}
        @change=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          const [file] = field.files ?? [];
          if (file) head.importFile(file);
          field.value = '';
        }}
      />
    </div>
  </div>`;
}

/** Which buttons begin with the flow. */
function usedBy({ record: { id, isDefault }, makeDefault }: FlowHead): TemplateResult {
  if (isDefault) {
    return html`<p class="quiet">
      ${msg('The default flow: for each button that names neither a flow nor a skill group.')}
    </p>`;
  }
  return html`<p class="row used">
    <span class="quiet">${msg(str`Only for buttons with flow="${id}".`)}</span>
    ${
      makeDefault
        ? html`<wa-button appearance="outlined" size="s" @click=${makeDefault}>
            ${msg('Make it the default')}
          </wa-button>`
        : nothing
    }
  </p>`;
}
