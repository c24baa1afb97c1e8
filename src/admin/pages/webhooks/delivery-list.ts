import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { WebhookDelivery } from '../../../protocol/rest/webhooks.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';
import { dateTimeText } from '../../parts/time-texts.ts';
import { errorText } from '../../rest/error-text.ts';
import { webhookTypeText } from './webhook-type-texts.ts';

/** What was sent to one webhook, and what it answered. */
export const deliveryList = (
  context: ConsoleContext,
  webhook: string,
): ListDefinition<WebhookDelivery> => ({
  heading: msg('Deliveries'),
  intro: msg('What was sent in the last 30 days, the newest first.'),
  path: `/webhooks/${webhook}/deliveries`,
  filters: [
    {
      name: 'state',
      label: msg('State'),
      type: 'select',
      options: (['waiting', 'delivered', 'failed'] as const).map((value) => ({
        value,
        label: stateText(value),
      })),
    },
  ],
  columns: [
    { label: msg('When'), render: ({ at }) => dateTimeText(at) },
    { label: msg('Event'), render: ({ type }) => webhookTypeText(type) },
    {
      label: msg('State'),
      render: ({ state }) =>
        html`<wa-badge variant=${VARIANTS[state]}>${stateText(state)}</wa-badge>`,
    },
    { label: msg('Answer'), render: renderAnswer },
    { label: msg('Attempts'), align: 'end', render: ({ attempts }) => String(attempts) },
  ],
  headActions: () =>
    html`<wa-button appearance="outlined" href="/admin/webhooks/${webhook}">
      <wa-icon slot="start" name="chevron-left"></wa-icon>${msg('Back to the webhook')}
    </wa-button>`,
  rowActions: (delivery, reload) =>
    delivery.state === 'waiting'
      ? ''
      : html`<wa-button
          appearance="outlined"
          size="s"
          @click=${() => sendAgain(context, webhook, delivery, reload)}
        >
          ${msg('Send again')}<span class="visually-hidden">
            ${webhookTypeText(delivery.type)}, ${dateTimeText(delivery.at)}</span
          >
        </wa-button>`,
  empty: { title: msg('Nothing sent yet'), text: msg('Send a test, or wait for a call.') },
});

const VARIANTS = { waiting: 'warning', delivered: 'success', failed: 'danger' } as const;

function stateText(state: WebhookDelivery['state']): string {
  switch (state) {
    case 'waiting':
      return msg('Waiting');
    case 'delivered':
      return msg('Delivered');
    case 'failed':
      return msg('Failed');
  }
}

function renderAnswer({ status, error, answer, nextAttemptAt }: WebhookDelivery) {
  const outcome = status === null ? (error ?? '–') : answer ? `${status}: ${answer}` : `${status}`;
  return html`${outcome}${
    nextAttemptAt === null
      ? nothing
      : html`<br /><span class="quiet"
            >${msg(str`Next attempt: ${dateTimeText(nextAttemptAt)}`)}</span
          >`
  }`;
}

async function sendAgain(
  context: ConsoleContext,
  webhook: string,
  { event }: WebhookDelivery,
  reload: () => void,
): Promise<void> {
  try {
    await context.rest.send(`/webhooks/${webhook}/deliveries/${event}/again`, { method: 'POST' });
    context.notify(msg('It is being sent.'));
    reload();
  } catch (error) {
    context.notify(errorText(error));
  }
}
