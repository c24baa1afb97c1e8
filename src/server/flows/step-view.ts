import type { FlowStepView } from '../../protocol/flow-step-view.ts';
import { stepOf } from '../../protocol/flow-graph.ts';
import type { Flow, FlowStep, FlowTexts } from '../../protocol/flow.ts';

export interface StandingCall {
  readonly node: string;
  readonly language: string | null;
  readonly params: Readonly<Record<string, string>>;
  /** Whether there is a step to go back to. */
  readonly back: boolean;
}

/** The step at which a call stands, as its visitor sees it. */
export function stepView(flow: Flow, { node, language, params, back }: StandingCall): FlowStepView {
  const say = (texts: FlowTexts): string => textIn(texts, language);
  const step = stepOf(flow, node);
  const shown = { node, back };
  switch (step?.type) {
    case 'menu':
      return {
        type: 'menu',
        ...shown,
        ...heading(step, say),
        title: say(step.title),
        options: step.options.map(({ id, label }) => ({ id, label: say(label) })),
      };
    case 'message':
      return {
        type: 'message',
        ...shown,
        ...heading(step, say),
        links: (step.links ?? []).map(({ label, url }) => ({ label: say(label), url })),
      };
    case 'form':
      return {
        type: 'form',
        ...shown,
        ...heading(step, say),
        title: say(step.title),
        optional: step.optional ?? false,
        fields: step.fields.map(({ id, label, type, required = false, options }) => ({
          id,
          label: say(label),
          type,
          required,
          ...(options && {
            options: options.map((one) => ({ id: one.id, label: say(one.label) })),
          }),
          ...(Object.hasOwn(params, id) && { value: params[id] }),
        })),
      };
    case 'leave-message':
    case 'callback':
      return { type: step.type, ...shown, ...heading(step, say) };
    default:
      return { type: 'wait', node, back: false };
  }
}

function heading(
  {
    title,
    text,
  }: Pick<Extract<FlowStep, { type: 'message' | 'callback' }>, 'title'> & {
    readonly text?: FlowTexts;
  },
  say: (texts: FlowTexts) => string,
): { title?: string; text?: string } {
  return { ...(title && { title: say(title) }), ...(text && { text: say(text) }) };
}

/** The text in this language, else in another variant of it, else in English, else in the first language. */
export function textIn(texts: FlowTexts, language: string | null): string {
  const tags = Object.keys(texts);
  const wanted = (language ?? '').toLowerCase();
  const base = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';
  const found =
    tags.find((tag) => tag.toLowerCase() === wanted) ??
    tags.find((tag) => base(tag) === base(wanted)) ??
    tags.find((tag) => base(tag) === 'en') ??
    tags[0];
  return found === undefined ? '' : (texts[found] ?? '');
}
