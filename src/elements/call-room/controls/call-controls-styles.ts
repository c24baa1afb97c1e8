import { css } from 'lit';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';

export const callControlsStyles = css`
  ${baseStyles} ${buttonStyles} :host {
    display: block;
    container-type: inline-size;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 8px;
    padding: 8px;
  }
  .icon-button {
    background: light-dark(#e4eaee, #26323b);
  }
  .icon-button.off {
    background: var(--_danger-soft);
  }
  .icon-button.active,
  .icon-button[aria-expanded='true'] {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .icon-button.danger {
    background: var(--_danger);
  }
  .leave {
    width: 56px;
    border-radius: 22px;
    margin-inline-start: 8px;
  }
  .words {
    display: none;
  }
  .badge {
    position: absolute;
    inset-block-start: -4px;
    inset-inline-end: -4px;
    min-width: 20px;
    padding: 0 5px;
    border: 2px solid var(--_surface);
    border-radius: 12px;
    background: var(--_danger);
    color: var(--_on-danger);
    font-size: 12px;
    line-height: 18px;
  }
  .badge::before {
    /* The button's description has the count in words. */
    content: attr(data-count) / '';
  }
  .tip {
    position: absolute;
    z-index: 2;
    inset-block-end: calc(100% + 8px);
    display: none;
    padding: 4px 10px;
    border-radius: 8px;
    background: #0a1218;
    color: #fff;
    font-size: 13px;
    font-weight: 500;
    line-height: 20px;
    white-space: nowrap;
    pointer-events: none;
  }
  kbd {
    margin-inline-start: 4px;
    padding: 0 5px;
    border-radius: 4px;
    background: rgb(255 255 255 / 20%);
    font: inherit;
    font-size: 12px;
  }
  kbd::before {
    /* aria-keyshortcuts tells the key to a screen reader. */
    content: attr(data-key) / '';
  }
  .icon-button:focus-visible .tip {
    display: block;
  }
  @media (hover: hover) {
    .icon-button:hover .tip {
      display: block;
    }
  }
  .icon-button[aria-expanded='true'] .tip {
    display: none;
  }
  @container (width < 456px) {
    /* The first one is beside the edge. */
    .icon-button:first-child .tip {
      inset-inline-start: 0;
    }
    .bar {
      gap: 4px;
      padding: 8px 4px;
    }
    .leave {
      width: 48px;
      margin-inline-start: 0;
    }
  }
  @container (width < 400px) {
    .extra {
      display: none;
    }
  }
  @container (width >= 640px) {
    .leave {
      width: auto;
      padding: 0 18px 0 14px;
    }
    .words {
      display: inline;
    }
  }
`;
