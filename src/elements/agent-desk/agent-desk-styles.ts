import { css } from 'lit';

export const agentDeskStyles = css`
  :host {
    display: block;
    position: relative;
    block-size: 100%;
    min-block-size: 320px;
    overflow: hidden;
    background: var(--_surface);
  }
  .desk {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: inherit;
    container-type: inline-size;
  }
  .loading {
    flex: 1;
  }
  .idle {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    grid-template-rows: auto minmax(min-content, 1fr);
    flex: 1;
    gap: 16px;
    min-height: 0;
    padding: 16px;
    overflow: auto;
  }
  rtc-follow-up-list,
  rtc-queue-list {
    grid-column: 1 / -1;
  }
  @container (width < 800px) {
    .idle {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(min-content, auto) minmax(min-content, 1fr);
      gap: 12px;
      padding: 12px;
    }
  }
`;
