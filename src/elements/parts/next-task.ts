/**
 * Resolves in a task of its own, also in a hidden tab, whose timers are slow. An element that shows a call renders
 * then: what a snapshot set going (an answer, a connection, a device) is under way before it is drawn.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
