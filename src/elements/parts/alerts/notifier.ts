export interface CallNotice {
  /** The leg's id. Tabs that show the same leg share one notification. */
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

/** Desktop notifications for calls that ring while the tab is hidden. */
export class Notifier {
  #shown: Notification | null = null;

  /** Whether the person has not decided yet, so that asking makes sense. */
  get canAsk(): boolean {
    return 'Notification' in globalThis && Notification.permission === 'default';
  }

  /** Must be called during a press. Resolves when the person has answered. */
  async ask(): Promise<void> {
    if (this.canAsk) await Notification.requestPermission();
  }

  /** Shows the notice if the tab is hidden and the person permits it; else does nothing. */
  show({ id, title, body }: CallNotice): void {
    this.hide();
    if (!document.hidden || !('Notification' in globalThis)) return;
    if (Notification.permission !== 'granted') return;
    let notification: Notification;
    try {
      notification = new Notification(title, { body, tag: id, requireInteraction: true });
    } catch {
      // Browsers on phones allow notifications only to service workers. The desk still rings.
      return;
    }
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
    this.#shown = notification;
  }

  hide(): void {
    this.#shown?.close();
    this.#shown = null;
  }
}
