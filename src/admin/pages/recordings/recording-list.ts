import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import { UNNAMED_VISITOR } from '../../../protocol/end-reasons.ts';
import type { RecordingSummary } from '../../../protocol/rest/recordings.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';
import { dateTimeText, durationText } from '../../parts/time-texts.ts';
import { agentFilter, dayFilters, groupFilter } from '../list-filters.ts';
import {
  moveFailureText,
  recordedSeconds,
  recordingFailureText,
  RECORDING_STATES,
  recordingStateText,
} from './recording-texts.ts';

/** The page `Recordings`. A row leads to its call, where the recording is played. */
export const recordingList = (context: ConsoleContext): ListDefinition<RecordingSummary> => ({
  heading: msg('Recordings'),
  intro: msg(
    'The audit log tells who played a recording, and when. Who has the public key can check a case file without this server.',
  ),
  path: '/recordings',
  filters: [
    { name: 'visitor', label: msg('Visitor'), type: 'search' },
    ...dayFilters(),
    {
      name: 'state',
      label: msg('State'),
      type: 'select',
      options: RECORDING_STATES.map((state) => ({
        value: state,
        label: recordingStateText(state),
      })),
    },
    groupFilter(context.rest),
    agentFilter(context.rest, msg('Agent')),
  ],
  columns: [
    {
      label: msg('Visitor'),
      render: ({ visitor }) => (visitor === UNNAMED_VISITOR ? msg('Visitor') : visitor),
    },
    {
      label: msg('Begun'),
      sort: 'startedAt',
      render: ({ startedAt }) => (startedAt === null ? '–' : dateTimeText(startedAt)),
    },
    { label: msg('Skill group'), render: ({ skill }) => skill.name },
    { label: msg('Agent'), render: ({ agent }) => agent?.name ?? '–' },
    {
      label: msg('Length'),
      align: 'end',
      render: (row) => (row.files.length === 0 ? '–' : durationText(recordedSeconds(row))),
    },
    { label: msg('State'), render: renderState },
  ],
  summary: ({ from = '', to = '', group = '' }) =>
    html`<rtc-recording-report
      .context=${context}
      .period=${{ from, to, group }}
    ></rtc-recording-report>`,
  headActions: () =>
    html`<wa-button
      appearance="outlined"
      href=${context.rest.address('/signing-keys')}
      download="signing-keys.json"
    >
      <wa-icon slot="start" name="download"></wa-icon>${msg('Public key')}
    </wa-button>`,
  rowPath: ({ call }) => `/admin/calls/${call}`,
  empty: {
    title: msg('No recordings'),
    text: msg('The page “Site” says when calls are recorded.'),
  },
});

function renderState({ state, failure, moveFailure, hold }: RecordingSummary) {
  const variant = state === 'ready' ? 'success' : state === 'failed' ? 'danger' : 'neutral';
  const why = state === 'failed' ? recordingFailureText(failure) : moveFailureText(moveFailure);
  return html`<wa-badge variant=${variant}>${recordingStateText(state)}</wa-badge>${
      hold ? html` <wa-badge variant="warning">${msg('Legal hold')}</wa-badge>` : nothing
    }${why ? html`<br /><span class="quiet">${why}</span>` : nothing}`;
}
