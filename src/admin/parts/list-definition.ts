import type { TemplateResult } from 'lit';
import type { Option } from './fields.ts';

/** A page of a list, as the server answers. */
export interface ListAnswer<Row> {
  readonly items: readonly Row[];
  /** For the next page; null on the last one. */
  readonly cursor: string | null;
}

export interface Column<Row> {
  readonly label: string;
  /** The name by which the server sorts; left out if it does not. */
  readonly sort?: string;
  /** In the first column, the link to the row's page is around it. `reload` reads the list again. */
  render(row: Row, reload: () => void): TemplateResult | string;
  readonly align?: 'end';
}

export interface Filter {
  /** The query parameter. */
  readonly name: string;
  readonly label: string;
  readonly type: 'search' | 'select' | 'date' | 'number';
  readonly options?: readonly Option[];
  /** Reads the options, such as all groups. */
  load?(signal: AbortSignal): Promise<readonly Option[]>;
  /** Makes the parameter of what the person entered: a date becomes a time. */
  toParameter?(value: string): string;
}

/** Everything that a list page shows. The server sorts, filters and pages. */
export interface ListDefinition<Row> {
  readonly heading: string;
  /** One sentence below the heading. */
  readonly intro?: string;
  /** Below `/api/v1`. */
  readonly path: string;
  /** Where the answer's rows are; `items` by default. */
  readonly rows?: string;
  readonly columns: readonly Column<Row>[];
  readonly filters: readonly Filter[];
  /** The button that makes a new one. */
  readonly create?: { readonly label: string; readonly path: string };
  /** The address of a row's page; left out if rows have none. */
  rowPath?(row: Row): string;
  /** Buttons at the end of a row. `reload` reads the list again. */
  rowActions?(row: Row, reload: () => void): TemplateResult | string;
  /** Links beside the heading, such as downloads. They get the filters as query parameters. */
  headActions?(query: Readonly<Record<string, string>>): TemplateResult;
  /** What stands above the filters. It gets the filters as query parameters. */
  summary?(query: Readonly<Record<string, string>>): TemplateResult;
  /** Shown if there is nothing at all. */
  readonly empty: { readonly title: string; readonly text: string };
}
