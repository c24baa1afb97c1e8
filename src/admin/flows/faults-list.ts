import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { Flow } from '../../protocol/flow.ts';
import type { FlowFault } from '../../protocol/rest/flows.ts';
import { faultText } from './fault-texts.ts';
import { findIncomplete } from './incomplete.ts';
import { shortName, type FlowNames } from './step-texts.ts';

/** What is wrong with the flow, in words. */
export interface EditorFault {
  /** Null: the flow itself. */
  readonly node: string | null;
  readonly text: string;
  /** With the step's name. */
  readonly line: string;
}

/** What the server would not store. */
export function incompleteFaults(flow: Flow, name: string, names: FlowNames): EditorFault[] {
  const faults = findIncomplete(flow).map(({ node, text }) => withLine(flow, node, text, names));
  if (name.trim() !== '') return faults;
  return [withLine(flow, null, msg('Enter a name.'), names), ...faults];
}

/** What the server forbids to publish. */
export function serverFaults(
  flow: Flow,
  faults: readonly FlowFault[],
  names: FlowNames,
): EditorFault[] {
  return faults.map((fault) => withLine(flow, fault.node, faultText(flow, fault, names), names));
}

const withLine = (
  flow: Flow,
  node: string | null,
  text: string,
  names: FlowNames,
): EditorFault => ({
  node,
  text,
  line: node === null ? text : `${shortName(flow, node, names)} – ${text}`,
});

/** The faults as a list. A press goes to the step. */
export function faultsList(faults: readonly EditorFault[], goTo: (id: string) => void) {
  const count = faults.length;
  if (count === 0) return nothing;
  return html`<section class="faults" aria-label=${msg('Faults')}>
    <strong role="status">${count === 1 ? msg('1 fault') : msg(str`${count} faults`)}</strong>
    <ul>
      ${faults.map(({ node, line }) =>
        node === null
          ? html`<li>${line}</li>`
          : html`<li><button type="button" @click=${() => goTo(node)}>${line}</button></li>`,
      )}
    </ul>
  </section>`;
}
