import type { Report, ReportRow } from '../../protocol/rest/reports.ts';
import { CSV_START, csvRow, type Cell } from '../calls/csv.ts';

const COLUMNS: Readonly<Record<string, (row: ReportRow) => Cell>> = {
  start: ({ start }) => start,
  key: ({ key }) => key,
  name: ({ name, label }) => name ?? label?.en ?? label?.['zh-CN'],
  calls: ({ calls }) => calls,
  offered: ({ offered }) => offered,
  answered: ({ answered }) => answered,
  answeredInTime: ({ answeredInTime }) => answeredInTime,
  abandoned: ({ abandoned }) => abandoned,
  abandonedEarly: ({ abandonedEarly }) => abandonedEarly,
  serviceLevel: ({ serviceLevel }) => serviceLevel,
  abandonment: ({ abandonment }) => abandonment,
  averageWait: ({ averageWait }) => averageWait,
  medianWait: ({ medianWait }) => medianWait,
  p90Wait: ({ p90Wait }) => p90Wait,
  averageAbandonedWait: ({ averageAbandonedWait }) => averageAbandonedWait,
  longestWait: ({ longestWait }) => longestWait,
  rings: ({ rings }) => rings,
  missed: ({ missed }) => missed,
  declined: ({ declined }) => declined,
  handled: ({ handled }) => handled,
  talk: ({ talk }) => talk,
  wrapUp: ({ wrapUp }) => wrapUp,
  averageTalk: ({ averageTalk }) => averageTalk,
  averageHandling: ({ averageHandling }) => averageHandling,
  medianHandling: ({ medianHandling }) => medianHandling,
  p90Handling: ({ p90Handling }) => p90Handling,
};

/** The rows of a report as a CSV file. Times in seconds, shares from 0 to 1. */
export function reportCsv({ rows }: Report): string {
  const lines = rows.map((row) => csvRow(Object.values(COLUMNS).map((read) => read(row))));
  return CSV_START + csvRow(Object.keys(COLUMNS)) + lines.join('');
}
