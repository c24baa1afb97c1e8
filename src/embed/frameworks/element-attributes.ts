import type { AgentDesk } from '../agent-desk.ts';
import type { CallRoom } from '../call-room.ts';
import type { CallTest } from '../call-test.ts';
import type { VideoCallButton } from '../rtc-desk.ts';

type Theme = 'light' | 'dark' | 'auto';

/** The elements. */
export interface Elements {
  'agent-desk': AgentDesk;
  'call-room': CallRoom;
  'call-test': CallTest;
  'video-call-button': VideoCallButton;
}

/** What a template may set on each element: its attributes, and the properties that have none. */
export interface ElementAttributes {
  'agent-desk': {
    server?: string | undefined;
    site?: string | null | undefined;
    token?: string | null | undefined;
    theme?: Theme | null | undefined;
    'auto-accept'?: boolean | undefined;
    control?: AgentDesk['control'] | undefined;
  };
  'call-room': {
    server?: string | undefined;
    token?: string | undefined;
    layout?: CallRoom['layout'] | undefined;
    /** Names of controls, separated by spaces. */
    controls?: string | undefined;
    'chat-open'?: boolean | undefined;
    session?: CallRoom['session'] | undefined;
  };
  'call-test': {
    site?: string | undefined;
    server?: string | undefined;
    theme?: Theme | null | undefined;
    control?: CallTest['control'] | undefined;
  };
  'video-call-button': {
    site?: string | undefined;
    server?: string | undefined;
    skill?: string | undefined;
    flow?: string | undefined;
    'show-wait'?: boolean | undefined;
    label?: string | undefined;
    theme?: Theme | null | undefined;
    placement?: VideoCallButton['placement'] | undefined;
    camera?: VideoCallButton['camera'] | undefined;
    'visitor-name'?: string | undefined;
    identity?: string | undefined;
    'params-from-url'?: string | undefined;
    params?: VideoCallButton['params'] | undefined;
  };
}

/** The events of each element. */
export interface ElementEvents {
  'agent-desk': Pick<
    GlobalEventHandlersEventMap,
    | 'desk-ready'
    | 'desk-status'
    | 'call-offered'
    | 'call-withdrawn'
    | 'call-accepted'
    | 'call-connected'
    | 'call-ended'
    | 'call-error'
  >;
  'call-room': Pick<
    GlobalEventHandlersEventMap,
    'room-joined' | 'participant-joined' | 'participant-left' | 'room-left' | 'call-error'
  >;
  'call-test': Pick<GlobalEventHandlersEventMap, 'test-ended'>;
  'video-call-button': Pick<
    GlobalEventHandlersEventMap,
    | 'call-choosing'
    | 'call-queued'
    | 'call-ringing'
    | 'call-connected'
    | 'call-ended'
    | 'call-error'
  >;
}

/** Handlers as JSX and Svelte name them: `oncall-ended`. */
export type EventHandlers<Tag extends keyof ElementEvents> = {
  [Type in keyof ElementEvents[Tag] as `on${Type & string}`]?:
    ((event: ElementEvents[Tag][Type]) => void) | undefined;
};
