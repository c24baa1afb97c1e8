import { css } from 'lit';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { spinnerStyles } from '../../parts/styles/spinner-styles.ts';

export const participantTileStyles = css`
  ${baseStyles} :host {
    display: block;
    container-type: size;
  }
  .tile {
    position: relative;
    width: 100%;
    height: 100%;
    overflow: hidden;
    border-radius: var(--_radius);
    background: light-dark(#dfe6eb, #1c262e);
    color: var(--_text);
  }
  .tile.shown {
    background: #0b1014;
  }
  .tile::after {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    box-shadow: inset 0 0 0 1px light-dark(rgb(16 32 44 / 8%), rgb(255 255 255 / 8%));
    content: '';
    pointer-events: none;
    transition: box-shadow 0.2s;
  }
  .tile.speaking::after {
    box-shadow:
      inset 0 0 0 3px var(--_accent),
      inset 0 0 0 4px var(--_raised);
  }
  video {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  .mirrored {
    object-fit: cover;
    transform: scaleX(-1);
  }
  .avatar {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
  }
  .avatar span {
    display: grid;
    place-items: center;
    width: clamp(36px, 34cqmin, 144px);
    aspect-ratio: 1;
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: clamp(14px, 13cqmin, 56px);
    font-weight: 600;
    letter-spacing: 0.02em;
  }
  .missing {
    position: absolute;
    inset: 16px 16px auto;
    margin: 0;
    text-align: center;
  }
  .shown .missing {
    display: none;
  }
  .label {
    position: absolute;
    z-index: 1;
    inset-block-end: 8px;
    inset-inline-start: 8px;
    display: flex;
    align-items: center;
    gap: 6px;
    max-width: calc(100% - 16px);
    min-height: 28px;
    padding: 3px 10px;
    border-radius: 14px;
    background: rgb(10 18 24 / 82%);
    color: #fff;
    font-size: 13px;
    font-weight: 550;
    line-height: 20px;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .label .icon {
    display: block;
    width: 16px;
    height: 16px;
  }
  .muted {
    color: #ffb0a6;
  }
  .verified {
    color: #8fe0d0;
  }
  .doubtful {
    color: #f6cd8b;
    font-weight: 450;
  }
  .quality[data-quality='1'],
  .quality[data-quality='2'] {
    color: #f6cd8b;
  }
  /* The text is above the name and does not cover the initials. */
  .veil {
    position: absolute;
    inset: 0;
    display: flex;
    align-items: end;
    justify-content: center;
    gap: 10px;
    padding: 8px 8px 48px;
    background: rgb(10 18 24 / 72%);
    color: #fff;
    font-size: 14px;
    font-weight: 550;
    text-align: center;
  }
  /* After 20 s the person's media have failed, and they take part by chat. */
  .connecting {
    animation: hide 0s 20s forwards;
  }
  @keyframes hide {
    to {
      visibility: hidden;
    }
  }
  ${spinnerStyles}
  :host([compact]) .label {
    inset-block-end: 4px;
    inset-inline-start: 4px;
    max-width: calc(100% - 8px);
    min-height: 24px;
    padding: 1px 8px;
    font-size: 12px;
  }
  :host([compact]) .veil {
    padding-bottom: 28px;
    font-size: 12px;
  }
  @container (width < 240px) {
    .doubtful .word {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .doubtful::before {
      display: grid;
      place-items: center;
      width: 16px;
      height: 16px;
      border: 1.5px solid currentcolor;
      border-radius: 50%;
      font-size: 11px;
      line-height: 1;
      content: '?' / '';
    }
  }
  @container (width < 150px) {
    .quality {
      display: none;
    }
  }
`;
