/** What the panel asks for; `covered`: it has taken the floating button's place, or given it back. */
export type PanelWish =
  | 'hang-up'
  | 'call-again'
  | 'take-over'
  | 'close'
  | 'covered'
  | 'uncovered'
  | 'camera-on'
  | 'camera-off'
  | 'microphone-on'
  | 'microphone-off';

/** From the panel to whoever holds the call; stays within the button. */
export class PanelRequestEvent extends Event {
  constructor(readonly wish: PanelWish) {
    super('panel-request');
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'panel-request': PanelRequestEvent;
  }
}
