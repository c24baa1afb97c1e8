import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { CallRecord } from '../../../protocol/rest/calls.ts';
import { clockText } from '../../parts/time-texts.ts';
import { agentText } from './call-texts.ts';

type Leg = CallRecord['legs'][number];

function kindText(kind: Leg['kind']): string {
  switch (kind) {
    case 'first':
      return msg('Offered from the queue');
    case 'transfer':
      return msg('Handed over');
    case 'consult':
      return msg('Asked for advice');
    case 'conference':
      return msg('Joined as a further agent');
    case 'monitor':
      return msg('Watched the call');
  }
}

function stateText(state: Leg['state']): string {
  switch (state) {
    case 'offered':
      return msg('Ringing');
    case 'accepted':
      return msg('Accepted');
    case 'joined':
      return msg('In the room');
    case 'left':
      return msg('In the wrap-up');
    case 'closed':
      return msg('Finished');
    case 'declined':
      return msg('Declined');
    case 'missed':
      return msg('Not answered');
    case 'withdrawn':
      return msg('Taken back');
  }
}

/** Why the part ended, where the state does not say it. */
function endText(reason: string | null): string | null {
  switch (reason) {
    case 'agent-left':
      return msg('The agent left.');
    case 'agent-gone':
      return msg('The connection of the agent was lost.');
    case 'room-not-entered':
      return msg('The agent did not enter the room in time.');
    case 'transferred':
      return msg('The call was handed over.');
    case 'call-ended':
      return msg('The call ended.');
    default:
      return null;
  }
}

/** The group through which the agent was chosen. Its name is known where it is the call's group. */
const groupText = ({ skill }: CallRecord, group: string): string =>
  skill?.id === group ? skill.name : group;

/** Each agent's part in a call, in the order of the offers. Nothing before the first offer. */
export function callLegs(call: CallRecord) {
  if (call.legs.length === 0) return nothing;
  return html`<section class="card">
    <h2>${msg('Agents in this call')}</h2>
    <ol class="legs">
      ${call.legs.map((leg) => renderLeg(call, leg))}
    </ol>
  </section>`;
}

function renderLeg(call: CallRecord, leg: Leg) {
  const times: readonly [string, number | null][] = [
    [msg('Rang'), leg.offeredAt],
    [msg('Accepted'), leg.acceptedAt],
    [msg('In the room'), leg.joinedAt],
    [msg('Left'), leg.leftAt],
    [msg('Finished'), leg.closedAt],
  ];
  const about = [kindText(leg.kind), groupText(call, leg.group), stateText(leg.state)];
  const end = endText(leg.endReason);
  return html`<li>
    <p><strong>${agentText(call, leg.agent)}</strong> · ${about.join(' · ')}</p>
    ${end === null ? nothing : html`<p class="quiet">${end}</p>`}
    <dl>
      ${times.map(([name, at]) =>
        at === null
          ? nothing
          : html`<div>
              <dt>${name}</dt>
              <dd>${clockText(at)}</dd>
            </div>`,
      )}
    </dl>
  </li>`;
}
