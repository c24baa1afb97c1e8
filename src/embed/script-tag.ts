/** The attributes of the element that the script's own tag may carry, as `data-…`. */
const ATTRIBUTES = [
  'site',
  'skill',
  'lang',
  'theme',
  'label',
  'placement',
  'params-from-url',
  'visitor-name',
  'identity',
  'server',
];

/**
 * Adds a floating button for the first script tag that names a site and loads this file. A page that has
 * the tag twice gets one button: the second finds the first one's mark.
 */
export function addButtonOfScriptTag(script: string): void {
  // A module that is marked `async` may run before there is a body.
  if (!document.body) {
    document.addEventListener('DOMContentLoaded', () => addButtonOfScriptTag(script), {
      once: true,
    });
    return;
  }
  const tag = [...document.querySelectorAll<HTMLScriptElement>('script[data-site]')].find(
    ({ src }) => src === script,
  );
  if (!tag || document.querySelector('video-call-button[data-from-script]')) return;
  const button = document.createElement('video-call-button');
  button.setAttribute('placement', 'bottom-end');
  button.setAttribute('data-from-script', '');
  for (const name of ATTRIBUTES) {
    const value = tag.getAttribute(`data-${name}`);
    if (value !== null) button.setAttribute(name, value);
  }
  document.body.append(button);
}
