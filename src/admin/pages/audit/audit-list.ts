import { msg } from '@lit/localize';
import { html } from 'lit';
import type { AuditRow } from '../../../protocol/rest/audit.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';
import { changedNames, type Values } from '../../parts/merge-changes.ts';
import { dateTimeText } from '../../parts/time-texts.ts';
import { agentFilter, dayFilters } from '../list-filters.ts';
import { auditTypeOptions, auditTypeText } from './audit-type-texts.ts';

/** The page `Audit log`. */
export const auditList = ({ rest }: ConsoleContext): ListDefinition<AuditRow> => ({
  heading: msg('Audit log'),
  intro: msg('Who did what, and when. Nobody can change it.'),
  path: '/audit',
  filters: [
    ...dayFilters(),
    { name: 'type', label: msg('What'), type: 'select', options: auditTypeOptions() },
    agentFilter(rest, msg('Who')),
  ],
  columns: [
    { label: msg('When'), render: ({ at }) => dateTimeText(at) },
    { label: msg('What'), render: ({ type }) => auditTypeText(type) },
    { label: msg('Who'), render: actorText },
    {
      label: msg('About'),
      render: ({ subject, subjectName }) => subjectName ?? subject ?? msg('The site'),
    },
    { label: msg('Changes'), render: renderChanges },
    { label: msg('Address'), render: ({ address }) => address ?? '–' },
  ],
  empty: { title: msg('Nothing logged yet'), text: msg('Sign-ins and changes appear here.') },
});

function actorText({ actor }: AuditRow): string {
  if (actor.name) return actor.name;
  switch (actor.kind) {
    case 'system':
      return msg('The system');
    case 'visitor':
      return msg('The visitor');
    case 'operator':
      return msg('The operator of the server');
    case 'backend':
      return msg('The site’s backend');
    default:
      return msg('Unknown');
  }
}

/** A longer change is opened by a press. */
const MAX_LETTERS = 160;

function renderChanges({ before, after }: AuditRow) {
  const isObject = (value: unknown): value is Values =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(after) && !isObject(before)) return '–';
  const [old, now] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  const names = changedNames(old, {
    ...Object.fromEntries(Object.keys(old).map((n) => [n, null])),
    ...now,
  });
  const text = (value: unknown) =>
    value === undefined || value === null
      ? '–'
      : typeof value === 'string'
        ? value
        : JSON.stringify(value);
  return html`${names.map((name) => {
    const change = `${text(old[name])} → ${text(now[name])}`;
    return change.length > MAX_LETTERS
      ? html`<details>
          <summary>${name}</summary>
          ${change}
        </details>`
      : html`<div>${name}: ${change}</div>`;
  })}`;
}
