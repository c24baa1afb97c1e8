/** The page `/c#code`: a visitor comes back for a callback, or cancels it. */
import { msg } from '@lit/localize';
import { CallbackCodes } from '../../elements/callback/callback-codes.ts';
import { CallbackCard } from '../../elements/callback/callback-card.ts';
import { CallbackWatch } from '../../elements/callback/callback-watch.ts';
import { OwnCallbackClient } from '../../elements/callback/own-callback.ts';
import { VideoCallButton } from '../rtc-desk.ts';
import { codeOfPage, openVisitorPage } from '../visitor-page/visitor-page.ts';
import { canNotify, isNotified, notify } from './notification.ts';

const server = location.origin;
const code = codeOfPage();
const client = new OwnCallbackClient(server, code);
const watch = new CallbackWatch(client);

const card = new CallbackCard();
card.watch = watch;
const { main, renew } = openVisitorPage(() => {
  const heading = msg('Your callback');
  const { callback } = watch.getSnapshot();
  return { heading, title: callback && `${heading} · ${callback.siteName}` };
});
main.append(card);

let button: VideoCallButton | null = null;
watch.subscribe(() => {
  const { callback } = watch.getSnapshot();
  if (!callback) return;
  button ??= addButton(callback.site);
  renew();
  if (callback.pushKey === null || !canNotify()) card.notification = null;
  else card.notification ??= 'offered';
});

function addButton(site: string): VideoCallButton {
  const added = new VideoCallButton();
  added.site = site;
  added.server = server;
  main.append(added);
  return added;
}

card.addEventListener('join-request', () => {
  if (!button) return;
  new CallbackCodes(server, button.site).use(code);
  // The panel shows a failure.
  button.call().catch(() => undefined);
});

card.addEventListener('notify-request', () => {
  const pushKey = watch.getSnapshot().callback?.pushKey;
  if (!pushKey) return;
  notify(client, pushKey).then(
    () => (card.notification = 'on'),
    () => (card.notification = 'refused'),
  );
});
void isNotified().then((notified) => {
  if (notified) card.notification = 'on';
});

watch.open();
