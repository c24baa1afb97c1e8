import { css } from 'lit';

export const replyPickerStyles = css`
  :host {
    position: absolute;
    inset-block-end: 128px;
    inset-inline-end: 8px;
    z-index: 3;
    width: min(100% - 16px, 400px);
  }
  .card {
    box-shadow: var(--_shadow);
  }
  .picture {
    flex-direction: row;
    align-items: center;
    justify-content: space-between;
    padding: 4px 4px 4px 16px;
    font-size: 14px;
    line-height: 20px;
  }
  .list > p {
    padding: 8px 16px;
  }
  [role='listbox'] {
    max-height: 208px;
    overflow: auto;
  }
  [role='option'] {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
    padding: 4px 16px;
    box-sizing: border-box;
    cursor: pointer;
  }
  [aria-selected='true'] {
    background: var(--_accent-soft);
  }
  .text {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    color: var(--_quiet);
    font-size: 14px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .preview {
    max-height: 176px;
    padding: 8px 16px 12px;
    border-top: 1px solid var(--_line);
    overflow: auto;
    font-size: 14px;
    line-height: 20px;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .preview canvas {
    display: block;
    max-width: 100%;
    max-height: 96px;
    margin-top: 8px;
    border-radius: var(--_radius-small);
  }
`;
