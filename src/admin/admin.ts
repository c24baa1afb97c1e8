/** The page `/admin`: the console. */
import { LOCALE_STATUS_EVENT, msg } from '@lit/localize';
import { applyPreferences } from './app/preferences.ts';
import './define.ts';
import { useIcons } from './web-awesome.ts';

useIcons('/admin-icons.svg');
const setTitle = () => {
  document.title = msg('Console');
};
window.addEventListener(LOCALE_STATUS_EVENT, setTitle);
// Not awaited at the top: the chunks of a language import from this module.
void applyPreferences().then(() => {
  setTitle();
  document.body.append(document.createElement('rtc-admin-app'));
});
