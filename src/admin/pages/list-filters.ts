import { msg } from '@lit/localize';
import type { AgentAccount } from '../../protocol/rest/agents.ts';
import type { SkillGroup } from '../../protocol/rest/skill-groups.ts';
import type { Option } from '../parts/fields.ts';
import type { Filter } from '../parts/list-definition.ts';
import { dayStart } from '../parts/time-texts.ts';
import type { RestClient } from '../rest/rest-client.ts';
import { loadAll } from './load-all.ts';

/** Filters that several lists have. */

const asOptions = (rows: readonly { readonly id: string; readonly name: string }[]): Option[] =>
  rows.map(({ id, name }) => ({ value: id, label: name }));

/** By one of the groups that the person may see. */
export const groupFilter = (rest: RestClient): Filter => ({
  name: 'group',
  label: msg('Skill group'),
  type: 'select',
  load: async (signal) => asOptions(await loadAll<SkillGroup>(rest, '/groups', {}, signal)),
});

/** By one of the agents that the person may see. */
export const agentFilter = (rest: RestClient, label: string): Filter => ({
  name: 'agent',
  label,
  type: 'select',
  load: async (signal) => asOptions(await loadAll<AgentAccount>(rest, '/agents', {}, signal)),
});

const DAY_MS = 24 * 60 * 60 * 1000;

/** From the beginning of one day to the end of another, in the person's time zone. */
export const dayFilters = (): Filter[] => [
  {
    name: 'from',
    label: msg('From day'),
    type: 'date',
    toParameter: (day) => String(dayStart(day)),
  },
  {
    name: 'to',
    label: msg('To day'),
    type: 'date',
    toParameter: (day) => String(dayStart(day) + DAY_MS),
  },
];
