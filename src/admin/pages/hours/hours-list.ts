import { msg } from '@lit/localize';
import { html } from 'lit';
import type { Hours } from '../../../protocol/rest/hours.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';

/** The page `Hours`. */
export const hoursList = ({ session }: ConsoleContext): ListDefinition<Hours> => ({
  heading: msg('Hours'),
  intro: msg('Weekly tables with holidays. Groups and flows use them by their name.'),
  path: '/hours',
  filters: [{ name: 'q', label: msg('Search by name'), type: 'search' }],
  columns: [
    { label: msg('Name'), sort: 'name', render: ({ name }) => name },
    {
      label: msg('Now'),
      render: ({ openNow }) =>
        openNow
          ? html`<wa-badge variant="success">${msg('Open')}</wa-badge>`
          : html`<wa-badge variant="neutral">${msg('Closed')}</wa-badge>`,
    },
    { label: msg('Time zone'), render: ({ timeZone }) => timeZone ?? session.site.timeZone },
    { label: msg('Used by'), render: ({ groups }) => groups.join(', ') || '–' },
  ],
  ...(session.may.routing === 'site' && {
    create: { label: msg('New hours'), path: '/admin/hours/new' },
  }),
  rowPath: ({ id }) => `/admin/hours/${id}`,
  empty: {
    title: msg('No hours yet'),
    text: msg('Without hours, groups are always open.'),
  },
});
