/** The parts of Web Awesome that the console uses, and its icons. */
import '@awesome.me/webawesome/dist/components/badge/badge.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/copy-button/copy-button.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/divider/divider.js';
import '@awesome.me/webawesome/dist/components/drawer/drawer.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import '@awesome.me/webawesome/dist/components/icon/icon.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';

/**
 * Takes all icons, also those inside Web Awesome's parts, from one sprite. Its own icons are `data:` addresses and
 * markup in strings, which the page's policy and Trusted Types forbid.
 */
export function useIcons(sprite: string): void {
  for (const library of ['default', 'system']) {
    registerIconLibrary(library, {
      resolver: (name) => `${sprite}#${name}`,
      spriteSheet: true,
      // Without it the icon has the width of any SVG, 300 px.
      mutator: (svg) => svg.setAttribute('viewBox', '0 0 24 24'),
    });
  }
}
