import { msg, str } from '@lit/localize';
import type { FlowSummary } from '../../../protocol/rest/flows.ts';
import type { ConsoleContext } from '../../app/console-context.ts';

/**
 * Asks, and then makes a published flow the site's default; null: the site has none. Resolves to whether it was done.
 * Rejects with a RestError, also if somebody else has chosen another default flow after the question.
 */
export async function chooseDefaultFlow(
  { rest, confirm, notify }: ConsoleContext,
  flow: Pick<FlowSummary, 'id' | 'name'> | null,
): Promise<boolean> {
  const { body, etag } = await rest.read<{ flow: string | null }>('/default-flow');
  const present = body.flow;
  const confirmed = await confirm({
    title: flow
      ? msg(str`Make ${flow.name} the default flow?`)
      : msg('Have no default flow any more?'),
    text: flow
      ? present === null
        ? msg(
            'Calls that name no flow and no skill group begin with it. So far they begin with none.',
          )
        : msg(
            str`Calls that name no flow and no skill group begin with it. So far they begin with ${present}.`,
          )
      : msg('Calls that name no flow and no skill group go straight to the queue.'),
    action: flow ? msg('Make it the default') : msg('No longer the default'),
  });
  if (!confirmed) return false;
  const request = { method: 'PUT', body: { flow: flow?.id ?? null }, ifMatch: etag } as const;
  await rest.send('/default-flow', request);
  notify(msg('Saved.'));
  return true;
}
