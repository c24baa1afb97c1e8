import { css } from 'lit';

export const editorStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .editor {
    display: grid;
    gap: 12px;
  }
  [role='toolbar'] {
    position: sticky;
    top: 60px;
    z-index: 4;
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    padding: 8px 0;
    background: var(--wa-color-surface-lowered);
  }
  .space {
    flex: 1;
  }
  .panes {
    display: grid;
    gap: 16px;
    grid-template-columns: minmax(0, 1fr);
  }
  .outline,
  .side {
    min-width: 0;
  }
  .outline h2,
  .side h2 {
    margin-bottom: 8px;
    font-size: 15px;
  }
  .side:focus {
    outline: none;
  }
  rtc-flow-drawing {
    height: 60dvh;
  }
  details.keys {
    margin-top: 8px;
    font-size: 14px;
  }
  summary {
    min-height: 32px;
    cursor: pointer;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 16px;
    margin: 8px 0;
  }
  dt {
    font-weight: 600;
  }
  dd {
    margin: 0;
  }
  .switch {
    display: none;
  }
  .faults {
    padding: 14px 16px;
    border: 1px solid var(--wa-color-danger-border-normal);
    border-radius: 10px;
    background: var(--wa-color-danger-fill-quiet);
    color: var(--wa-color-danger-on-quiet);
  }
  .faults ul {
    display: grid;
    gap: 2px;
    margin: 6px 0 0;
    padding: 0;
    list-style: none;
  }
  .faults button {
    min-height: 32px;
    padding: 4px 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-align: start;
    text-decoration: underline;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  @container (max-width: 899px) {
    .switch {
      display: inline-flex;
    }
    .panes.shows-drawing .outline,
    .panes.shows-outline .middle {
      display: none;
    }
  }
  @container (min-width: 900px) {
    .panes {
      grid-template: 'middle side' auto 'outline side' auto / minmax(0, 1fr) minmax(280px, 340px);
      align-items: start;
    }
    .middle {
      grid-area: middle;
    }
    .outline {
      grid-area: outline;
    }
    .side {
      grid-area: side;
      max-height: calc(100dvh - 150px);
      padding: 4px;
      overflow-y: auto;
    }
    rtc-flow-drawing {
      height: 52dvh;
    }
  }
  @container (min-width: 1300px) {
    .panes {
      grid-template: 'outline middle side' auto / 300px minmax(0, 1fr) 400px;
    }
    .outline {
      max-height: calc(100dvh - 150px);
      padding: 4px;
      overflow-y: auto;
    }
    rtc-flow-drawing {
      height: calc(100dvh - 240px);
      min-height: 420px;
    }
  }
`;
