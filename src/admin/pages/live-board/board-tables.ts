import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { BoardAgent, BoardGroup } from '../../../protocol/board-view.ts';
import { durationText } from '../../parts/time-texts.ts';
import {
  alertsOf,
  sorted,
  STATUSES,
  waitSeconds,
  type Alert,
  type Sort,
  type Thresholds,
} from './board-state.ts';
import { alertText, percentText, statusText } from './board-texts.ts';

interface BoardColumn<Row> {
  readonly field: string;
  readonly label: string;
  readonly align?: 'end';
  /** The alert that marks the cell. */
  readonly alert?: Alert;
  value(row: Row): string | number | null;
  render(row: Row): TemplateResult | string;
}

interface BoardTable<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly BoardColumn<Row>[];
  readonly sort: Sort<string>;
  setSort(sort: Sort<string>): void;
  alerts(row: Row): readonly Alert[];
}

const seconds = (value: number | null): string => (value === null ? '–' : durationText(value));

/** `now` is by the server's clock, in ms. */
export const groupColumns = (now: number): BoardColumn<BoardGroup>[] => {
  const count = (
    field: 'ringing' | 'inCall' | 'callbacks' | 'offered' | 'answered' | 'abandoned',
    label: string,
  ): BoardColumn<BoardGroup> => ({
    field,
    label,
    align: 'end',
    value: (group) => group[field],
    render: (group) => String(group[field]),
  });
  return [
    {
      field: 'name',
      label: msg('Skill group'),
      value: ({ name }) => name,
      render: ({ id, name }) =>
        html`<a class="row-link" href="/admin/calls?group=${encodeURIComponent(id)}">${name}</a>`,
    },
    {
      field: 'waiting',
      label: msg('Waiting'),
      align: 'end',
      alert: 'waiting',
      value: ({ waiting }) => waiting,
      render: ({ waiting }) => String(waiting),
    },
    {
      field: 'wait',
      label: msg('Longest wait'),
      align: 'end',
      alert: 'longestWait',
      value: (group) => waitSeconds(group, now),
      render: (group) =>
        group.waitingSince === null ? '–' : durationText(waitSeconds(group, now)),
    },
    count('ringing', msg('Ringing')),
    count('inCall', msg('In a call')),
    count('callbacks', msg('Callbacks open')),
    count('offered', msg('Offered today')),
    count('answered', msg('Answered')),
    count('abandoned', msg('Abandoned')),
    {
      field: 'serviceLevel',
      label: msg('Service level'),
      align: 'end',
      alert: 'serviceLevel',
      value: ({ serviceLevel }) => serviceLevel,
      render: ({ serviceLevel }) => percentText(serviceLevel),
    },
    {
      field: 'talk',
      label: msg('Average talk'),
      align: 'end',
      value: ({ averageTalk }) => averageTalk,
      render: ({ averageTalk }) => seconds(averageTalk),
    },
    {
      field: 'handling',
      label: msg('Average handling'),
      align: 'end',
      value: ({ averageHandling }) => averageHandling,
      render: ({ averageHandling }) => seconds(averageHandling),
    },
  ];
};

export const agentColumns = (
  now: number,
  groupNames: ReadonlyMap<string, string>,
): BoardColumn<BoardAgent>[] => {
  const names = ({ groups }: BoardAgent) => groups.map((id) => groupNames.get(id) ?? id).join(', ');
  return [
    { field: 'name', label: msg('Agent'), value: ({ name }) => name, render: ({ name }) => name },
    {
      field: 'status',
      label: msg('State'),
      value: ({ status }) => STATUSES.indexOf(status),
      render: ({ status, reason }) =>
        html`<span class="status ${status}">${statusText(status)}</span>${
            reason === null ? nothing : html` <span class="quiet">${reason}</span>`
          }`,
    },
    {
      field: 'since',
      label: msg('For'),
      align: 'end',
      value: ({ since }) => now - since,
      render: ({ since }) => durationText((now - since) / 1000),
    },
    { field: 'groups', label: msg('Skill groups'), value: names, render: names },
  ];
};

/** The roles hold on a phone too, if the styles make blocks of the table. */
export function boardTable<Row extends { readonly id: string; readonly name: string }>(
  table: BoardTable<Row>,
): TemplateResult {
  const { label, columns, sort, rows } = table;
  const column = columns.find(({ field }) => field === sort.field) ?? columns[0];
  const shown = column ? sorted(rows, (row) => column.value(row), sort.down) : rows;
  return html`<table role="table" aria-label=${label}>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map((one) => renderHead(table, one))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${repeat(
        shown,
        ({ id }) => id,
        (row) => renderRow(table, row),
      )}
    </tbody>
  </table>`;
}

function renderHead<Row>({ sort, setSort }: BoardTable<Row>, column: BoardColumn<Row>) {
  const { field, label, align } = column;
  const isSorted = sort.field === field;
  const direction = !isSorted ? 'none' : sort.down ? 'descending' : 'ascending';
  const icon = !isSorted ? 'sort' : sort.down ? 'arrow-down' : 'arrow-up';
  return html`<th role="columnheader" scope="col" class=${align ?? ''} aria-sort=${direction}>
    <button
      class="sort"
      @click=${() => setSort({ field, down: isSorted ? !sort.down : align === 'end' })}
    >
      ${label}<wa-icon name=${icon}></wa-icon>
    </button>
  </th>`;
}

function renderRow<Row>({ columns, alerts }: BoardTable<Row>, row: Row) {
  const over = alerts(row);
  return html`<tr role="row" class=${over.length > 0 ? 'alert' : ''}>
    ${columns.map((column, index) => {
      const isOver = column.alert !== undefined && over.includes(column.alert);
      const content = html`${
        isOver && column.alert
          ? html`<wa-icon name="warning" label=${alertText(column.alert)}></wa-icon> `
          : nothing
      }${column.render(row)}`;
      if (index === 0) return html`<th role="rowheader" scope="row">${content}</th>`;
      return html`<td
        role="cell"
        class="${column.align ?? ''} ${isOver ? 'over' : ''}"
        data-label=${column.label}
      >
        <span class="cell">${content}</span>
      </td>`;
    })}
  </tr>`;
}

/** What is over its threshold, as one text for each group and alert: a new one may sound. */
export const allAlerts = (
  groups: readonly BoardGroup[],
  thresholds: Thresholds,
  now: number,
): string[] =>
  groups.flatMap((group) =>
    alertsOf(group, thresholds, now).map((alert) => `${group.id} ${alert}`),
  );
