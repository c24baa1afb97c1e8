import type { ElementHandle, Frame } from 'puppeteer-core';
import { withAxe } from './axe.ts';

/** The part of axe that is used here. Its own declarations leave it out. */
interface AxeInternals {
  setup(root: Element): AxeNode;
  teardown(): void;
  readonly commons: {
    readonly aria: { getRole(node: AxeNode): string | null };
    readonly dom: { isVisibleToScreenReaders(node: AxeNode): boolean };
    readonly text: { accessibleTextVirtual(node: AxeNode): string };
  };
}

/** A node of the composed page: shadow trees and slots are resolved. */
interface AxeNode {
  readonly actualNode: Node;
  readonly children: readonly AxeNode[];
}

/**
 * The first element with this role and accessible name. In Chromium its own accessibility tree is searched. Firefox
 * shows its driver a tree that ends at shadow roots, so there axe computes role and name.
 */
export async function byRole(
  frame: Frame,
  role: string,
  name?: string,
): Promise<ElementHandle | null> {
  if (!(await isFirefox(frame))) {
    return frame.$(`::-p-aria(${name ? `[name="${name}"]` : ''}[role="${role}"])`);
  }
  await withAxe(frame);
  const found = await frame.evaluateHandle(
    (wantedRole, wantedName) => {
      const { axe } = window as unknown as { axe: AxeInternals };
      const { aria, dom, text } = axe.commons;
      const tree = axe.setup(document.body);
      try {
        const find = (node: AxeNode): Node | null => {
          const isIt =
            aria.getRole(node) === wantedRole &&
            (!wantedName || text.accessibleTextVirtual(node) === wantedName) &&
            dom.isVisibleToScreenReaders(node);
          if (isIt) return node.actualNode;
          for (const child of node.children) {
            const within = find(child);
            if (within) return within;
          }
          return null;
        };
        return find(tree);
      } finally {
        axe.teardown();
      }
    },
    role,
    name,
  );
  return found.asElement() as ElementHandle | null;
}

export async function isFirefox(frame: Frame): Promise<boolean> {
  return (await frame.page().browser().version()).toLowerCase().startsWith('firefox');
}
