import { css } from 'lit';

/** Beside the styles of the console. */
export const recordingPlayerStyles = css`
  :host {
    display: block;
    container-type: inline-size;
    --event: var(--wa-color-brand-fill-loud);
    --chat: var(--wa-color-success-fill-loud);
    --picture: var(--wa-color-warning-fill-loud);
    --caption: var(--wa-color-text-quiet);
  }
  .videos {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(240px, 100%), 1fr));
    gap: 8px;
    margin-top: 12px;
  }
  video {
    display: block;
    width: 100%;
    border-radius: 8px;
    background: black;
    aspect-ratio: 8 / 3;
  }
  .videos.several video {
    aspect-ratio: 4 / 3;
  }
  .parts,
  .kinds {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 12px;
  }
  .parts button {
    padding: 6px 12px;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: 6px;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  .parts button[aria-pressed='true'] {
    background: var(--wa-color-brand-fill-quiet);
  }
  .track {
    margin-top: 12px;
    border-radius: 6px;
    background: var(--wa-color-surface-lowered);
    cursor: pointer;
    touch-action: manipulation;
  }
  .track svg {
    display: block;
    width: 100%;
    height: 44px;
  }
  .event {
    fill: var(--event);
  }
  .chat {
    fill: var(--chat);
  }
  .picture {
    fill: var(--picture);
  }
  .caption {
    fill: var(--caption);
  }
  .seam {
    fill: var(--wa-color-surface-border);
  }
  .position {
    fill: var(--wa-color-text-normal);
  }
  .kinds {
    gap: 4px 16px;
    align-items: center;
    font-size: 14px;
  }
  .kinds label {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-height: 28px;
  }
  .swatch {
    width: 10px;
    height: 10px;
  }
  ol {
    position: relative;
    max-height: 320px;
    margin: 8px 0 0;
    padding: 0;
    overflow-y: auto;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: 8px;
    list-style: none;
    overscroll-behavior: contain;
  }
  li + li {
    border-top: 1px solid var(--wa-color-surface-border);
  }
  .entry {
    display: grid;
    grid-template-columns: 10px 52px minmax(0, 1fr);
    gap: 10px;
    align-items: baseline;
    width: 100%;
    padding: 8px 12px;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    font-size: 14px;
    text-align: start;
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  .entry:hover {
    background: var(--wa-color-surface-lowered);
  }
  .entry:focus-visible {
    outline-offset: -3px;
  }
  .entry[aria-current='true'] {
    background: var(--wa-color-brand-fill-quiet);
  }
  .entry time {
    color: var(--wa-color-text-quiet);
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .from {
    font-weight: 600;
  }
  .entry img {
    display: block;
    max-width: 96px;
    max-height: 72px;
    margin-top: 4px;
    border-radius: 4px;
  }
`;
