/**
 * A page with the desk's side of the bridge over a stand-in. The test reaches the stand-in as `window.desk`.
 * `?crm=` names a further origin that it allows.
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
