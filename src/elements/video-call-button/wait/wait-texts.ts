import type { Wait } from '../../../protocol/rest/wait.ts';
import { wholeMinutes } from '../../parts/texts/whole-minutes.ts';

/** The texts of the line, in both languages. They are not among the other texts, which are loaded after the press. */
const texts = {
  en: {
    underOne: 'Usually less than a minute',
    under: (max: number) => `Usually less than ${max} minutes`,
    about: (max: number) => `Usually about ${max} minutes`,
    between: (min: number, max: number) => `Usually ${min} to ${max} minutes`,
    late: (time: string) => `Closes ${time}, the wait may be longer`,
    open: (time: string) => `Open until ${time}`,
    closed: (time: string) => `Closed until ${time}`,
    closedNow: 'Closed',
  },
  'zh-CN': {
    underOne: '通常不到 1 分钟',
    under: (max: number) => `通常不到 ${max} 分钟`,
    about: (max: number) => `通常约 ${max} 分钟`,
    between: (min: number, max: number) => `通常 ${min} 至 ${max} 分钟`,
    late: (time: string) => `${time} 下班，可能等不到`,
    open: (time: string) => `服务至 ${time}`,
    closed: (time: string) => `休息中，${time} 开始服务`,
    closedNow: '休息中',
  },
};

const DAY_MS = 24 * 60 * 60 * 1000;

/** The line on the button; '' where nothing is known. */
export function waitLineText(
  { open, until, estimate, late }: Wait,
  language: keyof typeof texts,
  now: Date,
): string {
  const text = texts[language];
  const time = until === null ? null : timeText(new Date(until), language, now);
  if (!open) return time === null ? text.closedNow : text.closed(time);
  if (late && time !== null) return text.late(time);
  if (!estimate) return time === null ? '' : text.open(time);
  const { min, max } = wholeMinutes(estimate);
  if (max <= 1) return text.underOne;
  if (min < 1) return text.under(max);
  return min === max ? text.about(max) : text.between(min, max);
}

/** The time of the visitor's clock; with the weekday or the date where it is not today. */
function timeText(time: Date, language: string, now: Date): string {
  const today = time.toDateString() === now.toDateString();
  const near = time.getTime() - now.getTime() < 6 * DAY_MS;
  return new Intl.DateTimeFormat(language, {
    hour: 'numeric',
    minute: '2-digit',
    ...(!today && (near ? { weekday: 'short' } : { month: 'short', day: 'numeric' })),
  }).format(time);
}
