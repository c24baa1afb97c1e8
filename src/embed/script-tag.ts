import { VideoCallButton } from '../elements/video-call-button/video-call-button.ts';

/**
 * Adds a floating button for the first script tag that names a site and loads this file. A page with two such
 * tags gets one button. The tag may have each attribute of the element as `data-…`.
 */
export function addButtonOfScriptTag(script: string): void {
  // An `async` module may run before there is a body.
  if (!document.body) {
    document.addEventListener('DOMContentLoaded', () => addButtonOfScriptTag(script));
    return;
  }
  const tag = [...document.querySelectorAll<HTMLScriptElement>('script[data-site]')].find(
    ({ src }) => src === script,
  );
  if (!tag || document.querySelector('video-call-button[data-from-script]')) return;
  const button = document.createElement('video-call-button');
  button.setAttribute('placement', 'bottom-end');
  button.setAttribute('data-from-script', '');
  for (const name of VideoCallButton.observedAttributes) {
    const value = tag.getAttribute(`data-${name}`);
    if (value !== null) button.setAttribute(name, value);
  }
  document.body.append(button);
}
