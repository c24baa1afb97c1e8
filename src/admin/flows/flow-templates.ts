import { msg } from '@lit/localize';
import type { Flow } from '../../protocol/flow.ts';
import type { Option } from '../parts/fields.ts';
import { arrange } from './arrange.ts';
import type { StepDefaults } from './edit-flow.ts';

export type TemplateName = 'empty' | 'queue' | 'menu' | 'hours' | 'menu-hours';

/** What a new flow can begin with. */
export const templateOptions = (hasHours: boolean): readonly Option[] => [
  ...(hasHours
    ? [
        {
          value: 'menu-hours',
          label: msg('A menu while open, a message when closed'),
        },
        { value: 'hours', label: msg('A queue while open, a message when closed') },
      ]
    : []),
  { value: 'menu', label: msg('A menu with two options') },
  { value: 'queue', label: msg('Straight to the queue, a message if nobody is there') },
  { value: 'empty', label: msg('Empty: a start and an end') },
];

/** The document of a template, with groups and hours of the site. */
export function templateFlow(
  name: TemplateName,
  { group, second, hours }: StepDefaults & { readonly second: string },
): Flow {
  const queue = (to: string) =>
    ({
      type: 'queue',
      group: to,
      next: { full: 'message', nobody: 'message', timeout: 'message' },
    }) as const;
  const ending: Flow['nodes'] = {
    message: { type: 'leave-message', next: { done: 'end', skipped: 'end' } },
    end: { type: 'end' },
  };
  const menu: Flow['nodes'] = {
    menu: {
      type: 'menu',
      title: { en: 'What is it about?', 'zh-CN': '请选择问题类型' },
      options: [
        { id: 'product', label: { en: 'Product question', 'zh-CN': '产品咨询' } },
        { id: 'fault', label: { en: 'Report a fault', 'zh-CN': '产品报障' } },
      ],
      next: { product: 'queue', fault: 'queue-2' },
    },
    queue: queue(group),
    'queue-2': queue(second),
  };
  const open: Flow['nodes'] = {
    hours: { type: 'hours', hours, next: { open: 'menu', closed: 'message' } },
  };
  const from = (next: string, nodes: Flow['nodes']): Flow =>
    arrange({
      schema: 1,
      start: 'start',
      nodes: { start: { type: 'start', next: { next } }, ...nodes },
    });
  switch (name) {
    case 'empty':
      return from('end', { end: { type: 'end' } });
    case 'queue':
      return from('queue', { queue: queue(group), ...ending });
    case 'menu':
      return from('menu', { ...menu, ...ending });
    case 'hours':
      return from('hours', {
        hours: { type: 'hours', hours, next: { open: 'queue', closed: 'message' } },
        queue: queue(group),
        ...ending,
      });
    case 'menu-hours':
      return from('hours', { ...open, ...menu, ...ending });
  }
}
