import type { ChosenStatus, Credentials } from '../../call/agent-desk-control.ts';

/** What a part of the desk can ask for; the desk alone asks the headless call. */
export type DeskWish =
  | { readonly wish: 'sign-in'; readonly credentials: Credentials }
  | { readonly wish: 'sign-out' }
  | { readonly wish: 'set-status'; readonly status: ChosenStatus }
  | { readonly wish: 'accept' }
  | { readonly wish: 'decline' }
  | { readonly wish: 'end-call' }
  | { readonly wish: 'finish-wrap-up' }
  | { readonly wish: 'take-charge' }
  | { readonly wish: 'turn-on-sound' }
  | { readonly wish: 'allow-notifications' };

/** Goes from a part of the desk up to the desk, and no further. */
export class DeskRequestEvent extends Event {
  constructor(readonly detail: DeskWish) {
    super('desk-request', { bubbles: true, composed: true });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'desk-request': DeskRequestEvent;
  }
}
