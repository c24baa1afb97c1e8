import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { StepType } from '../../protocol/flow.ts';
import type { EditorCommand } from './editor-events.ts';
import { STEP_TYPES, typeHint, typeText } from './step-texts.ts';

/** What needs the server. */
export type EditorOrder = 'check' | 'save' | 'publish' | 'try';

interface ToolbarHost {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly changed: boolean;
  readonly busy: boolean;
  readonly mayPublish: boolean;
  /** A narrow page shows the drawing. */
  readonly isDrawing: boolean;
  add(type: StepType): void;
  run(command: EditorCommand): void;
  arrange(): void;
  /** On a narrow page: the other one of outline and drawing. */
  showPane(): void;
  order(order: EditorOrder): void;
}

export function editorToolbar(host: ToolbarHost): TemplateResult {
  const { busy } = host;
  const button = (label: string, disabled: boolean, press: () => void, brand = false) =>
    html`<wa-button
      appearance=${brand ? 'accent' : 'outlined'}
      variant=${brand ? 'brand' : 'neutral'}
      size="s"
      ?disabled=${disabled}
      @click=${press}
    >
      ${label}
    </wa-button>`;
  return html`<div role="toolbar" aria-label=${msg('Flow editor')}>
    <wa-dropdown
      @wa-select=${(event: CustomEvent<{ item: { value: string } }>) =>
        host.add(event.detail.item.value as StepType)}
    >
      <wa-button slot="trigger" variant="brand" size="s" with-caret>${msg('Add step')}</wa-button>
      ${STEP_TYPES.map(
        (type) =>
          html`<wa-dropdown-item value=${type} title=${typeHint(type)}>
            ${typeText(type)}
          </wa-dropdown-item>`,
      )}
    </wa-dropdown>
    ${button(msg('Undo'), !host.canUndo, () => host.run('undo'))}
    ${button(msg('Redo'), !host.canRedo, () => host.run('redo'))}
    ${button(msg('Arrange'), false, () => host.arrange())}
    ${button(msg('Paste'), false, () => host.run('paste'))}
    <span class="switch">
      ${button(host.isDrawing ? msg('Show outline') : msg('Show drawing'), false, () =>
        host.showPane(),
      )}
    </span>
    <span class="space"></span>
    ${button(msg('Check'), busy, () => host.order('check'))}
    ${button(msg('Try it'), false, () => host.order('try'))}
    ${button(msg('Save draft'), busy || !host.changed, () => host.order('save'))}
    ${host.mayPublish ? button(msg('Publish'), busy, () => host.order('publish'), true) : nothing}
  </div>`;
}
