import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { Quality } from '../../../call/room-control.ts';
import { signalIcon } from '../../parts/icons.ts';

/** The connection's quality as bars, and in words for a screen reader; nothing if it is unknown. */
export function qualityMark(quality: Quality) {
  if (quality === 0) return nothing;
  const text = [
    '',
    msg('Connection: very poor'),
    msg('Connection: poor'),
    msg('Connection: fair'),
    msg('Connection: good'),
    msg('Connection: excellent'),
  ][quality];
  return html`<span class="quality" data-quality=${quality} title=${text ?? ''}
    >${signalIcon(Math.max(1, quality - 1))}<span class="visually-hidden">${text}</span></span
  >`;
}
