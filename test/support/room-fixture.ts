import { fixture } from '@open-wc/testing';
import { html } from 'lit';
import '../../src/elements/call-room/define.ts';
// What is otherwise loaded at the first press.
import '../../src/elements/call-room/chat/define-chat.ts';
import '../../src/elements/call-room/tools/more-tools.ts';
import '../../src/elements/call-room/tools/open-device-menu.ts';
import type { CallRoom } from '../../src/elements/call-room/call-room.ts';
import type { FakeRoomControl } from './fake-room-control.ts';

/** A `<call-room>` over a room that the test plays. */
export async function roomOf(
  session: FakeRoomControl,
  { width = 1024, height = 640, chat = false, theme = 'light', draft = false } = {},
): Promise<CallRoom> {
  // What an earlier test has half written.
  if (!draft) sessionStorage.removeItem(`rtc-desk:draft:${session.getSnapshot().room}`);
  const frame = await fixture<HTMLElement>(html`<div><call-room></call-room></div>`);
  frame.style.width = `${width}px`;
  frame.style.height = `${height}px`;
  const room = frame.querySelector('call-room')!;
  room.setAttribute('theme', theme);
  room.chatOpen = chat;
  room.session = session;
  await settled(room);
  return room;
}

/** Waits until the room and all that stands in it has rendered, also with code that it has just asked for. */
export async function settled(root: Element): Promise<void> {
  await rendered(root);
  // Code that an element asked for before is there before this.
  await import('../../src/elements/call-room/stage/many-tiles.ts');
  await import('../../src/elements/call-room/room-notices.ts');
  await new Promise((resolve) => setTimeout(resolve));
  await rendered(root);
}

async function rendered(root: Element): Promise<void> {
  await (root as { updateComplete?: Promise<unknown> }).updateComplete;
  for (const element of root.shadowRoot?.querySelectorAll('*') ?? []) {
    if (element.shadowRoot) await rendered(element);
  }
}

/** All elements below `root` that match, shadow roots included. */
export function deepAll<E extends Element = HTMLElement>(root: ParentNode, selector: string): E[] {
  const found = [...root.querySelectorAll<E>(selector)];
  for (const element of root.querySelectorAll('*')) {
    if (element.shadowRoot) found.push(...deepAll<E>(element.shadowRoot, selector));
  }
  return found;
}

export function deepOne<E extends Element = HTMLElement>(root: Element, selector: string): E {
  const [first] = deepAll<E>(root.shadowRoot ?? root, selector);
  if (!first) throw new Error(`nothing matches ${selector}`);
  return first;
}

/** The button of this accessible name. */
export function buttonOf(root: Element, name: string): HTMLButtonElement {
  const all = deepAll<HTMLButtonElement>(root.shadowRoot!, 'button');
  const named = all.find((button) => {
    return (button.getAttribute('aria-label') ?? button.textContent?.trim()) === name;
  });
  if (!named) throw new Error(`no button named ${name}`);
  return named;
}
