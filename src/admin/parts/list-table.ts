import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { Column, ListDefinition } from './list-definition.ts';

interface ListTable<Row> {
  readonly definition: ListDefinition<Row>;
  readonly items: readonly Row[];
  /** The field by which the list is sorted, with `-` for the other way round; '' for the server's own order. */
  readonly order: string;
  sort(order: string): void;
  reload(): void;
}

/** The table of a list. The roles hold on a phone too, if the styles make blocks of the table. */
export function listTable<Row>(table: ListTable<Row>) {
  const { heading, columns, rowActions } = table.definition;
  return html`<table role="table" aria-label=${heading}>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map((column) => renderHead(table, column))}
        ${
          rowActions
            ? html`<th role="columnheader" scope="col">
                <span class="visually-hidden">${msg('Actions')}</span>
              </th>`
            : nothing
        }
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${table.items.map((row) => renderRow(table, row))}
    </tbody>
  </table>`;
}

function renderHead<Row>({ order, sort }: ListTable<Row>, column: Column<Row>) {
  const { label, sort: field, align } = column;
  const isUp = order === field;
  const isDown = order === `-${field}`;
  const direction = isUp ? 'ascending' : isDown ? 'descending' : 'none';
  return html`<th
    role="columnheader"
    scope="col"
    class=${align ?? ''}
    aria-sort=${field === undefined ? nothing : direction}
  >
    ${
      field === undefined
        ? label
        : html`<button class="sort" @click=${() => sort(isUp ? `-${field}` : field)}>
            ${label}<wa-icon name=${isUp ? 'arrow-up' : isDown ? 'arrow-down' : 'sort'}></wa-icon>
          </button>`
    }
  </th>`;
}

function renderRow<Row>({ definition, reload }: ListTable<Row>, row: Row) {
  const { columns, rowPath, rowActions } = definition;
  const path = rowPath?.(row);
  return html`<tr role="row" class=${path ? 'linked' : ''}>
    ${columns.map(({ label, render, align }, index) => {
      const content = render(row, reload);
      if (index > 0) {
        return html`<td role="cell" class=${align ?? ''} data-label=${label}>
          <span class="cell">${content}</span>
        </td>`;
      }
      return html`<th role="rowheader" scope="row">
        ${path ? html`<a class="row-link" href=${path}>${content}</a>` : content}
      </th>`;
    })}
    ${rowActions ? html`<td role="cell" class="actions">${rowActions(row, reload)}</td>` : nothing}
  </tr>`;
}
