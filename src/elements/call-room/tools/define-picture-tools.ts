import { PictureTools } from './picture-tools.ts';

if (!customElements.get('rtc-picture-tools')) {
  customElements.define('rtc-picture-tools', PictureTools);
}

export { prepareStage } from '../small/own-picture.ts';
