import { msg, str } from '@lit/localize';
import { html } from 'lit';
import type { Webhook } from '../../../protocol/rest/webhooks.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';

/** The page `Webhooks`. */
export const webhookList = (): ListDefinition<Webhook> => ({
  heading: msg('Webhooks'),
  intro: msg('Your own server is told what happens, as soon as it happens.'),
  path: '/webhooks',
  filters: [
    { name: 'q', label: msg('Search by address or description'), type: 'search' },
    {
      name: 'state',
      label: msg('State'),
      type: 'select',
      options: [
        { value: 'on', label: msg('On') },
        { value: 'off', label: msg('Off') },
      ],
    },
  ],
  columns: [
    { label: msg('Address'), sort: 'url', render: ({ url }) => url },
    { label: msg('Description'), render: ({ description }) => description || '–' },
    {
      label: msg('Events'),
      render: ({ types }) => (types === null ? msg('All') : String(types.length)),
    },
    { label: msg('State'), render: renderState },
    { label: msg('Deliveries'), render: renderDeliveries },
  ],
  create: { label: msg('New webhook'), path: '/admin/webhooks/new' },
  rowPath: ({ id }) => `/admin/webhooks/${id}`,
  empty: {
    title: msg('No webhooks yet'),
    text: msg('Make one, and your server hears of every call.'),
  },
});

function renderState({ enabled, disabledReason }: Webhook) {
  if (enabled) return html`<wa-badge variant="success">${msg('On')}</wa-badge>`;
  return disabledReason === 'gone'
    ? html`<wa-badge variant="danger">${msg('Off: it answered 410')}</wa-badge>`
    : html`<wa-badge variant="neutral">${msg('Off')}</wa-badge>`;
}

function renderDeliveries({ waiting, failed }: Webhook): string {
  const parts = [
    ...(waiting > 0 ? [msg(str`${waiting} waiting`)] : []),
    ...(failed > 0 ? [msg(str`${failed} failed`)] : []),
  ];
  return parts.join(', ') || '–';
}
