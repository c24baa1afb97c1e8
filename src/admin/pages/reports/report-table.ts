import { msg } from '@lit/localize';
import { html } from 'lit';
import type { Report, ReportFigures, ReportRow } from '../../../protocol/rest/reports.ts';
import type { Column } from '../../parts/list-definition.ts';
import { listTable } from '../../parts/list-table.ts';
import { figuresBy } from './report-figures.ts';
import { byText, figureText, keyText, startText } from './report-texts.ts';

/** A row of the report; null: of the total. */
interface Line {
  readonly row: ReportRow | null;
  readonly figures: ReportFigures;
}

/** The numbers of a report, with the total below. */
export function reportTable({ by, interval, rows, total }: Report, reload: () => void) {
  const key: Column<Line> = {
    label: byText(by),
    render: ({ row }) =>
      row ? keyText(by, row) : html`<span class="total">${msg('Total')}</span>`,
  };
  const columns: Column<Line>[] = figuresBy(by).map(({ name, label, unit }) => ({
    label,
    align: 'end',
    render: ({ row, figures }) => {
      const text = figureText(figures[name], unit);
      return row ? text : html`<span class="total">${text}</span>`;
    },
  }));
  const start: Column<Line>[] =
    interval === null
      ? []
      : [
          {
            label: msg('Time'),
            render: ({ row }) => (row ? startText(row.start, interval) : ''),
          },
        ];
  return listTable<Line>({
    definition: {
      heading: msg('Figures'),
      path: '/reports',
      filters: [],
      columns: [key, ...start, ...columns],
      empty: { title: '', text: '' },
    },
    items: [...rows.map((row) => ({ row, figures: row })), { row: null, figures: total }],
    order: '',
    sort: () => {},
    reload,
  });
}
