import type { AgentDesk } from '../../../src/elements/agent-desk/agent-desk.ts';
import { FakeAgentDeskControl } from '../../support/fake-agent-desk-control.ts';

export interface OpenDesk {
  readonly desk: AgentDesk;
  readonly control: FakeAgentDeskControl;
  /** Waits until every inner element has rendered the last snapshot. */
  settle(): Promise<void>;
  /** Presses the button of this name in the inner element with this tag. */
  press(part: string, name: string): void;
  close(): void;
}

/** A desk over a fake, 800 by 600 px, in English. `prepare` may change it before it is on the page. */
export async function openDesk(prepare: (desk: AgentDesk) => void = () => {}): Promise<OpenDesk> {
  const desk = document.createElement('agent-desk');
  const control = new FakeAgentDeskControl();
  desk.control = control;
  desk.lang = 'en';
  desk.theme = 'light';
  desk.style.height = '600px';
  prepare(desk);
  document.body.append(desk);
  const settle = async () => {
    for (let round = 0; round < 4; round++) {
      // First a promise of an inner element, then the desk, its inner elements, and theirs.
      await new Promise((resolve) => setTimeout(resolve));
      await desk.updateComplete;
    }
  };
  await settle();
  const press = (part: string, name: string) => {
    const button = [...within(desk, part).querySelectorAll('button')].find(
      (one) => (one.getAttribute('aria-label') ?? one.textContent?.trim()) === name,
    );
    if (!button) throw new Error(`no button ${name} in ${part}`);
    button.click();
  };
  return { desk, control, settle, press, close: () => desk.remove() };
}

/** The shadow root of the inner element with this tag. */
export function within(scope: Element | ShadowRoot, tag: string): ShadowRoot {
  const root = scope instanceof Element ? scope.shadowRoot : scope;
  const part = root?.querySelector(tag)?.shadowRoot;
  if (!part) throw new Error(`there is no ${tag}`);
  return part;
}

/** The visible text, shadow trees included, with single spaces. */
export function textOf(root: Node | null): string {
  const parts: string[] = [];
  const walk = (node: Node): void => {
    if (node instanceof HTMLStyleElement) return;
    if (node.nodeType === Node.TEXT_NODE) parts.push(node.textContent ?? '');
    if (node instanceof Element && node.shadowRoot) walk(node.shadowRoot);
    for (const child of node.childNodes) walk(child);
    if (node instanceof HTMLElement) parts.push(' ');
  };
  if (root) walk(root);
  return parts.join('').replace(/\s+/g, ' ').trim();
}
