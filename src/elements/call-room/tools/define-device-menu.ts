import { DeviceMenu } from './device-menu.ts';

if (!customElements.get('rtc-device-menu')) customElements.define('rtc-device-menu', DeviceMenu);

export { PopoverButton } from '../../parts/controllers/popover-button.ts';
