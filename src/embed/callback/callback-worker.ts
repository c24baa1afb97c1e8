/** The worker of the page `/c`: shows a notification when the visitor is asked in, and opens the page at a press. */
interface WorkerScope {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { openWindow(address: string): Promise<unknown> };
  addEventListener(type: 'push', listener: (event: PushMessage) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: NotificationPress) => void): void;
}
interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface PushMessage extends LastingEvent {
  readonly data: { json(): { readonly code: string } };
}
interface NotificationPress extends LastingEvent {
  readonly notification: Notification;
}

const scope = self as unknown as WorkerScope;
const chinese = /^zh/i.test(new URL(scope.location.href).searchParams.get('lang') ?? '');
// A worker loads no other texts.
const TITLE = chinese ? '客服正在等您' : 'Your agent is here';
const TEXT = chinese ? '点击加入通话。' : 'Press to join the call.';

scope.addEventListener('push', (event) => {
  const { code } = event.data.json();
  const options = { body: TEXT, tag: 'rtc-desk-callback', requireInteraction: true, data: code };
  event.waitUntil(scope.registration.showNotification(TITLE, options));
});

scope.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(scope.clients.openWindow(`/c#${event.notification.data}`));
});
