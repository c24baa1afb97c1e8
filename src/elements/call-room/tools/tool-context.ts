import type { LitElement } from 'lit';
import type { Person, RoomControl, RoomSnapshot } from '../../../call/room-control.ts';
import type { ControlName } from '../controls/call-controls.ts';

/** The element that shows the room, as tools see it. */
export interface ToolHost extends LitElement {
  readonly room: RoomControl | null;
  readonly controls: readonly ControlName[];
}

/** What a tool works with. Made anew at each press and for each message. */
export interface ToolContext {
  readonly host: ToolHost;
  readonly room: RoomControl;
  readonly snapshot: Readonly<RoomSnapshot>;
  /** This person. */
  readonly self: Person;
  /** The button More; null if it is not shown. A tool that takes the focus gives it back to this button. */
  readonly button: HTMLElement | null;
}

/** Null without a room. */
export function toolContext(host: ToolHost): ToolContext | null {
  const { room } = host;
  const snapshot = room?.getSnapshot();
  const self = snapshot?.people[0];
  if (!room || !snapshot || !self) return null;
  const bar = host.renderRoot.querySelector('rtc-call-controls');
  const button = bar?.renderRoot.querySelector<HTMLElement>('[data-control=more]') ?? null;
  return { host, room, snapshot, self, button };
}

/**
 * The place over the pictures in which tools put their elements. It lets presses through; an element of a tool sets
 * `pointer-events: auto` where it takes them. Rendering the host again does not touch it.
 */
export function toolLayer(host: ToolHost): HTMLElement {
  const view = host.renderRoot.querySelector('.view')!;
  const existing = view.querySelector<HTMLElement>(':scope > .tools');
  if (existing) return existing;
  const layer = document.createElement('div');
  layer.className = 'tools';
  // Not by an attribute, which a strict policy forbids.
  Object.assign(layer.style, { position: 'absolute', inset: '0', zIndex: '2' });
  layer.style.pointerEvents = 'none';
  view.append(layer);
  return layer;
}
