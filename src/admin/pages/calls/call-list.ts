import { msg, str } from '@lit/localize';
import { html } from 'lit';
import { END_REASONS } from '../../../protocol/end-reasons.ts';
import type { CallSummary } from '../../../protocol/rest/calls.ts';
import type { Dispositions } from '../../../protocol/rest/dispositions.ts';
import { getLocale } from '../../../locales/admin/locales.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { Filter, ListDefinition } from '../../parts/list-definition.ts';
import { dateTimeText, durationText } from '../../parts/time-texts.ts';
import type { RestClient } from '../../rest/rest-client.ts';
import { agentFilter, dayFilters, groupFilter } from '../list-filters.ts';
import {
  CALL_STATES,
  callStateText,
  dispositionOptions,
  endReasonText,
  localText,
  ratingText,
  visitorText,
  waitSeconds,
} from './call-texts.ts';

const MINUTE_SECONDS = 60;

const toSeconds = (minutes: string): string => String(Math.round(Number(minutes) * MINUTE_SECONDS));

const filters = (rest: RestClient): Filter[] => [
  { name: 'visitor', label: msg('Visitor'), type: 'search' },
  ...dayFilters(),
  {
    name: 'state',
    label: msg('State'),
    type: 'select',
    options: CALL_STATES.map((state) => ({ value: state, label: callStateText(state) })),
  },
  {
    name: 'reason',
    label: msg('Why it ended'),
    type: 'select',
    options: END_REASONS.map((reason) => ({ value: reason, label: endReasonText(reason) })),
  },
  {
    name: 'disposition',
    label: msg('Disposition'),
    type: 'select',
    load: async (signal) =>
      dispositionOptions((await rest.get<Dispositions>('/dispositions', {}, signal)).dispositions),
  },
  {
    name: 'rating',
    label: msg('Rating'),
    type: 'select',
    options: [
      { value: 'any', label: msg('Rated') },
      { value: 'none', label: msg('Not rated') },
      ...['5', '4', '3', '2', '1'].map((value) => ({ value, label: msg(str`${value} of 5`) })),
    ],
  },
  groupFilter(rest),
  agentFilter(rest, msg('Agent')),
  {
    name: 'minSeconds',
    label: msg('At least (minutes)'),
    type: 'number',
    toParameter: toSeconds,
  },
  {
    name: 'maxSeconds',
    label: msg('At most (minutes)'),
    type: 'number',
    toParameter: toSeconds,
  },
];

/** The page `Calls`. */
export const callList = ({ rest }: ConsoleContext): ListDefinition<CallSummary> => ({
  heading: msg('Calls'),
  path: '/calls',
  rows: 'calls',
  filters: filters(rest),
  columns: [
    { label: msg('Visitor'), render: ({ visitor }) => visitorText(visitor) },
    {
      label: msg('Requested'),
      sort: 'requestedAt',
      render: ({ requestedAt }) => dateTimeText(requestedAt),
    },
    { label: msg('Skill group'), render: ({ skill }) => skill?.name ?? '–' },
    { label: msg('Agent'), render: ({ agent }) => agent?.name ?? '–' },
    { label: msg('Waited'), align: 'end', render: waitText },
    {
      label: msg('Talk'),
      sort: 'seconds',
      align: 'end',
      render: ({ seconds, connectedAt }) => (connectedAt === null ? '–' : durationText(seconds)),
    },
    {
      label: msg('Disposition'),
      render: ({ disposition }) => (disposition ? localText(disposition.label) : '–'),
    },
    { label: msg('Rating'), align: 'end', render: ({ rating }) => ratingText(rating) },
    { label: msg('State'), render: renderState },
  ],
  headActions: (query) =>
    html`<wa-button appearance="outlined" href="/admin/calls/search">
        <wa-icon slot="start" name="search"></wa-icon>${msg('Search in conversations')}
      </wa-button>
      ${(['csv', 'json'] as const).map(
        (format) =>
          html`<wa-button
            appearance="outlined"
            href=${rest.address('/calls/export', {
              ...exportFilter(query),
              format,
              ...(format === 'csv' && { language: getLocale() }),
            })}
            download
          >
            <wa-icon slot="start" name="download"></wa-icon>
            ${format === 'csv' ? msg('Export CSV') : msg('Export JSON')}
          </wa-button>`,
      )}`,
  rowPath: ({ id }) => `/admin/calls/${id}`,
  empty: {
    title: msg('No calls yet'),
    text: msg('The first call appears here once a visitor has pressed the button.'),
  },
});

/** An export has no order of its own. */
function exportFilter({ sort: _sort, ...filter }: Readonly<Record<string, string>>) {
  return filter;
}

function waitText(call: CallSummary): string {
  const seconds = waitSeconds(call);
  return seconds === null ? '–' : durationText(seconds);
}

function renderState({ state, reason }: CallSummary) {
  if (reason !== null) return endReasonText(reason);
  return html`<wa-badge variant="success">${callStateText(state)}</wa-badge>`;
}
