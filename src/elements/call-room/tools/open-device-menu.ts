import { msg } from '@lit/localize';
import { placePopover } from '../../parts/controllers/popover-button.ts';
import { DeviceMenu } from './device-menu.ts';
import type { ToolContext } from './tool-context.ts';

if (!customElements.get('rtc-device-menu')) customElements.define('rtc-device-menu', DeviceMenu);

/** Opens the choice of devices beside the button More. It follows the room until it closes. */
export async function openDeviceMenu({ host, room, button }: ToolContext): Promise<void> {
  const menu = document.createElement('rtc-device-menu');
  menu.popover = 'auto';
  menu.role = 'dialog';
  menu.ariaLabel = msg('Camera and sound');
  const show = () => (menu.local = room.getSnapshot().local);
  const close = () => menu.hidePopover();
  show();
  const unsubscribe = room.subscribe(show);
  window.addEventListener('resize', close);
  menu.addEventListener('toggle', (event) => {
    if (event.newState === 'open') return;
    unsubscribe();
    window.removeEventListener('resize', close);
    // The browser does not return the focus to a button in a shadow root.
    if (document.activeElement === document.body || menu.matches(':focus-within')) button?.focus();
    menu.remove();
  });
  host.renderRoot.querySelector('.view')!.append(menu);
  await menu.updateComplete;
  menu.showPopover();
  placePopover(menu, button ?? host);
  menu.focusFirst();
}
