import type { OwnCallbackClient } from '../../elements/callback/own-callback.ts';
import type { PushSubscription } from '../../protocol/rest/own-callback.ts';

/** Shows the notification. Its scope is the page `/c` alone. */
const WORKER = '/callback-worker.js';
const SCOPE = '/c';

interface TrustedTypesWindow {
  trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(given: string): string },
    ): { createScriptURL(given: string): string };
  };
}

/** Whether this browser can show a notification while the page is closed. */
export const canNotify = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window;

/** Whether the visitor of this browser has asked for it before. */
export async function isNotified(): Promise<boolean> {
  if (!canNotify()) return false;
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  return Boolean(await registration?.pushManager.getSubscription());
}

/** Asks the person for the permission. Rejects where they refuse, and where the server does not answer. */
export async function notify(
  client: Pick<OwnCallbackClient, 'subscribe'>,
  pushKey: string,
): Promise<void> {
  const { trustedTypes } = window as TrustedTypesWindow;
  const address = `${WORKER}?lang=${document.documentElement.lang || navigator.language}`;
  const policy = trustedTypes?.createPolicy('rtc-desk-callback', {
    createScriptURL: (given) => given,
  });
  const registration = await navigator.serviceWorker.register(
    policy?.createScriptURL(address) ?? address,
    { scope: SCOPE },
  );
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: pushKey,
  });
  await client.subscribe(subscription.toJSON() as PushSubscription);
}
