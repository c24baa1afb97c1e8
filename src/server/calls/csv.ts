export type Cell = string | number | boolean | null | undefined;

/** A byte order mark, by which spreadsheets know UTF-8. It begins a file. */
export const CSV_START = '\ufeff';

/** A line of a CSV file. */
export const csvRow = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** People outside of the desk write some of these texts: a spreadsheet must take none as a formula. */
function csvCell(cell: Cell): string {
  const text = String(cell ?? '');
  const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
