import { msg } from '@lit/localize';
import type { Report, ReportFigures } from '../../../protocol/rest/reports.ts';
import type { Unit } from './report-texts.ts';

export interface Figure {
  readonly name: keyof ReportFigures;
  readonly label: string;
  readonly unit: Unit;
}

const figures = () =>
  ({
    calls: { label: msg('Requests'), unit: 'count' },
    offered: { label: msg('Offered'), unit: 'count' },
    answered: { label: msg('Answered'), unit: 'count' },
    abandoned: { label: msg('Abandoned'), unit: 'count' },
    serviceLevel: { label: msg('Service level'), unit: 'share' },
    abandonment: { label: msg('Abandonment'), unit: 'share' },
    averageWait: { label: msg('Average wait'), unit: 'seconds' },
    medianWait: { label: msg('Median wait'), unit: 'seconds' },
    p90Wait: { label: msg('Wait, 90%'), unit: 'seconds' },
    longestWait: { label: msg('Longest wait'), unit: 'seconds' },
    missed: { label: msg('Missed'), unit: 'count' },
    declined: { label: msg('Declined'), unit: 'count' },
    handled: { label: msg('Handled'), unit: 'count' },
    talk: { label: msg('Talk time'), unit: 'seconds' },
    wrapUp: { label: msg('Wrap-up time'), unit: 'seconds' },
    averageTalk: { label: msg('Average talk'), unit: 'seconds' },
    averageHandling: { label: msg('Average handling'), unit: 'seconds' },
    medianHandling: { label: msg('Median handling'), unit: 'seconds' },
    p90Handling: { label: msg('Handling, 90%'), unit: 'seconds' },
  }) satisfies Partial<Record<keyof ReportFigures, { label: string; unit: Unit }>>;

export function figure(name: keyof ReturnType<typeof figures>): Figure {
  return { name, ...figures()[name] };
}

const OF_CALLS = [
  'calls',
  'offered',
  'answered',
  'abandoned',
  'serviceLevel',
  'abandonment',
  'averageWait',
  'medianWait',
  'p90Wait',
  'longestWait',
  'averageTalk',
  'averageHandling',
  'medianHandling',
  'p90Handling',
] as const;
const OF_AGENTS = [
  'answered',
  'handled',
  'missed',
  'declined',
  'averageWait',
  'talk',
  'wrapUp',
  'averageTalk',
  'averageHandling',
  'medianHandling',
  'p90Handling',
] as const;
const OF_DISPOSITIONS = [
  'handled',
  'talk',
  'wrapUp',
  'averageTalk',
  'averageHandling',
  'medianHandling',
  'p90Handling',
] as const;

/** The columns of the table. */
export function figuresBy(by: Report['by']): readonly Figure[] {
  const names = by === 'agent' ? OF_AGENTS : by === 'disposition' ? OF_DISPOSITIONS : OF_CALLS;
  return names.map((name) => figure(name));
}
