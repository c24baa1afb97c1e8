import { css } from 'lit';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';

export const chatImageStyles = css`
  ${baseStyles} ${buttonStyles} :host {
    display: block;
    max-width: 100%;
  }
  .picture {
    display: block;
    width: var(--_width);
    max-width: 100%;
    aspect-ratio: var(--_ratio);
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_sunken);
    color: var(--_text);
    font: inherit;
  }
  button.picture {
    cursor: zoom-in;
  }
  .picture canvas {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  .picture[aria-busy='true'] {
    animation: wait 1.2s ease-in-out infinite alternate;
  }
  @keyframes wait {
    to {
      background: var(--_line);
    }
  }
  .failed {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 8px;
    width: 240px;
    min-height: 128px;
    padding: 12px;
    font-size: 14px;
    text-align: center;
  }
  .failed p {
    margin: 0;
  }
  dialog {
    width: 100%;
    max-width: none;
    height: 100%;
    max-height: none;
    padding: 16px;
    border: 0;
    background: rgb(6 12 16 / 92%);
    cursor: zoom-out;
  }
  dialog::backdrop {
    background: none;
  }
  dialog canvas {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  dialog .icon-button {
    position: fixed;
    inset-block-start: 16px;
    inset-inline-end: 16px;
    background: #fff;
    color: #14212b;
  }
`;
