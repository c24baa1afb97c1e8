/** The page `/c#code`: a visitor comes back for a callback, or cancels it. */
import { LOCALE_STATUS_EVENT, msg } from '@lit/localize';
import { CallbackCodes } from '../../elements/callback/callback-codes.ts';
import { CallbackCard } from '../../elements/callback/callback-card.ts';
import { CallbackWatch } from '../../elements/callback/callback-watch.ts';
import { OwnCallbackClient } from '../../elements/callback/own-callback.ts';
import { VideoCallButton } from '../rtc-desk.ts';
import { canNotify, isNotified, notify } from './notification.ts';

const query = new URLSearchParams(location.search);
const language = query.get('lang');
if (language) document.documentElement.lang = language;

const server = location.origin;
const code = location.hash.slice(1);
const client = new OwnCallbackClient(server, code);
const watch = new CallbackWatch(client);

const main = document.createElement('main');
const heading = document.createElement('h1');
const card = new CallbackCard();
card.watch = watch;
main.append(heading, card);
document.body.append(main);

let button: VideoCallButton | null = null;
watch.subscribe(() => {
  const { callback } = watch.getSnapshot();
  if (!callback) return;
  button ??= addButton(callback.site);
  document.title = `${msg('Your callback')} · ${callback.siteName}`;
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

const setTitle = () => {
  heading.textContent = msg('Your callback');
};
// The texts of another language are loaded after the page.
window.addEventListener(LOCALE_STATUS_EVENT, setTitle);
setTitle();
// Another code in the address is another callback.
window.addEventListener('hashchange', () => location.reload());
watch.open();
