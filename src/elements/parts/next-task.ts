/**
 * Resolves in a task of its own. An element that shows a call renders then: what a snapshot set going (an answer, a
 * connection, a device) is under way before it is drawn. In a hidden tab, where nobody looks, up to a second later.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
