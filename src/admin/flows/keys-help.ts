import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';

/** What the keys do on the drawing. */
export function keysHelp(): TemplateResult {
  const keys: readonly (readonly [string, string])[] = [
    [msg('Arrow keys'), msg('go to the next step in that direction')],
    ['Enter', msg('opens the settings of the step')],
    [msg('Space'), msg('selects the step; with Shift, adds it to the selection')],
    ['L', msg('leads an exit to another step: choose the step, then press Enter')],
    [msg('Alt and arrow keys'), msg('move the selected steps')],
    ['Delete', msg('deletes the selected steps')],
    ['Ctrl+C, Ctrl+V', msg('copy and paste steps, also into another flow')],
    ['Ctrl+Z, Ctrl+Y', msg('undo and redo')],
    ['+, −, 0', msg('zoom in, zoom out, show everything')],
  ];
  return html`<details class="keys">
    <summary>${msg('Keys for the drawing')}</summary>
    <dl>
      ${keys.map(
        ([key, what]) =>
          html`<dt>${key}</dt>
            <dd>${what}</dd>`,
      )}
    </dl>
  </details>`;
}
