export interface CallNotice {
  /** The offer's id: several tabs that show the same offer show one notification. */
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

/** Desktop notifications for calls that ring while the tab is hidden. */
export class Notifier {
  #shown: Notification | null = null;

  /** Whether asking for the permission could lead to anything. */
  get canAsk(): boolean {
    return 'Notification' in globalThis && Notification.permission === 'default';
  }

  /** To be called inside a press. Resolves when the person has answered. */
  async ask(): Promise<void> {
    if (this.canAsk) await Notification.requestPermission();
  }

  /** Shows the notice if the tab is hidden and the person permits it; otherwise does nothing. */
  show({ id, title, body }: CallNotice): void {
    this.hide();
    if (!document.hidden || !('Notification' in globalThis)) return;
    if (Notification.permission !== 'granted') return;
    let notification: Notification;
    try {
      notification = new Notification(title, { body, tag: id, requireInteraction: true });
    } catch {
      // Browsers on phones allow notifications to service workers alone; the desk still rings.
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
