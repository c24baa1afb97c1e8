import { msg } from '@lit/localize';
import type { Flow } from '../../../protocol/flow.ts';
import { compareInWords } from '../../flows/compare-texts.ts';
import { mergeFlows } from '../../flows/merge-flows.ts';
import type { FlowNames } from '../../flows/step-texts.ts';
import type { Conflict } from '../../parts/conflict-dialog.ts';

export interface Draft {
  readonly name: string;
  readonly document: Flow;
}

/** What somebody else changed in the draft since `base`, beside this person's changes; null: nothing. */
export function flowConflict(
  base: Draft,
  mine: Draft,
  theirs: Draft,
  names: FlowNames,
): Conflict | null {
  const kinds = { added: msg('Added'), removed: msg('Removed'), changed: msg('Changed') };
  const own = compareInWords(base.document, mine.document, names);
  const steps = compareInWords(base.document, theirs.document, names).map(
    ({ id, kind, step, details }) => {
      const here = own.find((one) => one.id === id);
      return {
        name: id,
        label: step,
        theirs: [kinds[kind], ...details].join(' · '),
        mine: here && [kinds[here.kind], ...here.details].join(' · '),
      };
    },
  );
  const isRenamed = base.name !== theirs.name;
  const name = {
    name: 'name',
    label: msg('Name'),
    theirs: theirs.name,
    mine: mine.name === base.name ? undefined : mine.name,
  };
  const differences = isRenamed ? [name, ...steps] : steps;
  return differences.length === 0 ? null : { who: null, at: null, differences };
}

/** The other draft with this person's changes on top of it. */
export const mergeDrafts = (base: Draft, mine: Draft, theirs: Draft): Draft => ({
  name: mine.name === base.name ? theirs.name : mine.name,
  document: mergeFlows(base.document, mine.document, theirs.document),
});
