/**
 * A page with the desk's side of the bridge over a stand-in, which the test reaches as `window.desk`.
 * `?crm=` names an origin that it answers to besides its own.
 */
import type { AgentDesk } from '../../../src/elements/agent-desk/agent-desk.ts';
import { CrmLink } from '../../../src/embed/desk/crm-link.ts';
import { StandInDesk } from './stand-in-desk.ts';

declare global {
  interface Window {
    desk?: StandInDesk;
  }
}

window.desk = new StandInDesk();
new CrmLink({
  desk: window.desk as unknown as AgentDesk,
  crm: window.parent,
  readOrigins: async () => new URLSearchParams(location.search).getAll('crm'),
});
