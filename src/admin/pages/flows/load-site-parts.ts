import type { Hours } from '../../../protocol/rest/hours.ts';
import type { SkillGroup } from '../../../protocol/rest/skill-groups.ts';
import type { FlowNames } from '../../flows/step-texts.ts';
import type { Option } from '../../parts/fields.ts';
import type { RestClient } from '../../rest/rest-client.ts';
import { loadAll } from '../load-all.ts';

/** What the flows of a site may refer to. */
export interface SiteParts {
  readonly groups: readonly Option[];
  readonly hours: readonly Option[];
  readonly names: FlowNames;
}

export async function loadSiteParts(rest: RestClient, signal: AbortSignal): Promise<SiteParts> {
  const [groups, hours] = await Promise.all([
    loadAll<SkillGroup>(rest, '/groups', {}, signal),
    loadAll<Hours>(rest, '/hours', {}, signal),
  ]);
  return {
    groups: groups.map(asOption),
    hours: hours.map(asOption),
    names: { groups: namesOf(groups), hours: namesOf(hours) },
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

const asOption = ({ id, name }: Named): Option => ({ value: id, label: name });

const namesOf = (rows: readonly Named[]): ReadonlyMap<string, string> =>
  new Map(rows.map(({ id, name }) => [id, name]));
