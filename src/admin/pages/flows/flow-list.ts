import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { FlowSummary } from '../../../protocol/rest/flows.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';
import { dateTimeText } from '../../parts/time-texts.ts';
import { errorText } from '../../rest/error-text.ts';
import { RestError } from '../../rest/rest-error.ts';
import { chooseDefaultFlow } from './choose-default-flow.ts';

/** The page `Flows`. */
export const flowList = (context: ConsoleContext): ListDefinition<FlowSummary> => ({
  heading: msg('Flows'),
  intro: msg('What a visitor goes through between the press of the button and the queue.'),
  path: '/flows',
  rows: 'flows',
  filters: [{ name: 'q', label: msg('Search by name'), type: 'search' }],
  columns: [
    { label: msg('Name'), sort: 'name', render: ({ name }) => name },
    { label: msg('Short name'), render: ({ id }) => html`<code>${id}</code>` },
    { label: msg('Published'), render: publishedText },
    { label: msg('State'), render: renderState },
    {
      label: msg('Last change'),
      sort: 'changedAt',
      render: ({ changedAt }) => dateTimeText(changedAt),
    },
  ],
  create: { label: msg('New flow'), path: '/admin/flows/new' },
  rowPath: ({ id }) => `/admin/flows/${id}`,
  rowActions: (flow, reload) => renderActions(context, flow, reload),
  empty: {
    title: msg('No flows yet'),
    text: msg('Without a flow, a press of the button leads straight to the queue.'),
  },
});

export function publishedText({ publishedVersion, publishedBy, publishedAt }: FlowSummary): string {
  if (publishedVersion === null || publishedAt === null) return msg('Never');
  const when = dateTimeText(publishedAt);
  const who = publishedBy === 'provision file' ? msg('the provision file') : (publishedBy ?? '–');
  return msg(str`Version ${publishedVersion}, by ${who}, ${when}`);
}

function renderState({ publishedVersion, draftChanged, isDefault }: FlowSummary) {
  return html`<span class="row">
    ${isDefault ? html`<wa-badge variant="brand">${msg('Default flow')}</wa-badge>` : nothing}
    ${
      publishedVersion !== null && draftChanged
        ? html`<wa-badge variant="warning">${msg('The draft is newer')}</wa-badge>`
        : nothing
    }
    ${
      publishedVersion === null
        ? html`<wa-badge variant="neutral">${msg('Draft')}</wa-badge>`
        : nothing
    }
  </span>`;
}

function renderActions(context: ConsoleContext, flow: FlowSummary, reload: () => void) {
  const { may } = context.session;
  const { name, isDefault, publishedVersion } = flow;
  const mayDelete = !isDefault && (publishedVersion === null || may.publish !== 'none');
  const button = (label: string, press: () => void) =>
    html`<wa-button appearance="outlined" size="s" @click=${press}>
      ${label}<span class="visually-hidden">: ${name}</span>
    </wa-button>`;
  return html`<span class="row">
    ${
      may.settings !== 'none' && publishedVersion !== null
        ? isDefault
          ? button(msg('No longer the default'), () => void setDefault(context, null, reload))
          : button(msg('Make it the default'), () => void setDefault(context, flow, reload))
        : nothing
    }
    ${mayDelete ? button(msg('Delete'), () => void deleteFlow(context, flow, reload)) : nothing}
  </span>`;
}

async function setDefault(
  context: ConsoleContext,
  flow: FlowSummary | null,
  reload: () => void,
): Promise<void> {
  try {
    await chooseDefaultFlow(context, flow);
  } catch (error) {
    context.notify(errorText(error));
  }
  reload();
}

async function deleteFlow(
  { rest, confirm, notify }: ConsoleContext,
  { id, name, revision }: FlowSummary,
  reload: () => void,
): Promise<void> {
  const confirmed = await confirm({
    title: msg(str`Delete ${name}?`),
    text: msg('The flow is deleted with its draft and all versions. It cannot be undone.'),
    action: msg('Delete'),
    danger: true,
  });
  if (!confirmed) return;
  try {
    await rest.send(`/flows/${id}`, { method: 'DELETE', ifMatch: `"${revision}"` });
    notify(msg('Deleted.'));
  } catch (error) {
    const isUsed = error instanceof RestError && error.code === 'in-use';
    notify(
      isUsed
        ? msg('Calls began with this flow. It can be deleted once they are deleted.')
        : errorText(error),
    );
  }
  reload();
}
