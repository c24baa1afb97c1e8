import { css } from 'lit';

export const drawingStyles = css`
  :host {
    position: relative;
    display: grid;
    min-height: 320px;
  }
  svg.canvas {
    width: 100%;
    height: 100%;
    min-height: 320px;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: 12px;
    background: var(--wa-color-surface-lowered);
    cursor: grab;
    touch-action: none;
    user-select: none;
  }
  svg.canvas.panning {
    cursor: grabbing;
  }
  [role='button'] {
    cursor: pointer;
    outline: none;
  }
  /* The name of the step says the same, so that the texts stand beside it: a press on one is a press on the step. */
  text {
    pointer-events: none;
  }
  .card {
    fill: var(--wa-color-surface-default);
    stroke: var(--wa-color-neutral-border-normal);
    stroke-width: 1.25;
  }
  .stripe {
    fill: var(--wa-color-brand-fill-loud);
  }
  .decides .stripe {
    fill: var(--wa-color-warning-fill-loud);
  }
  .acts .stripe {
    fill: var(--wa-color-neutral-fill-loud);
  }
  .queue .stripe {
    fill: var(--wa-color-success-fill-loud);
  }
  .selected .card {
    stroke: var(--wa-color-brand-border-loud);
    stroke-width: 2.5;
  }
  .faulty .card {
    stroke: var(--wa-color-danger-border-loud);
    stroke-width: 2;
  }
  .current .card {
    fill: var(--wa-color-success-fill-quiet);
    stroke: var(--wa-color-success-border-loud);
    stroke-width: 3;
  }
  [role='button']:focus-visible .card {
    stroke: var(--wa-color-focus);
    stroke-width: 4;
  }
  .target .card {
    stroke: var(--wa-color-brand-border-loud);
    stroke-dasharray: 6 4;
    stroke-width: 3;
  }
  text {
    fill: var(--wa-color-text-normal);
    font: 600 14px/1 var(--wa-font-family-body, system-ui);
    pointer-events: none;
  }
  text.type {
    fill: var(--wa-color-text-quiet);
    font-size: 12px;
    font-weight: 600;
  }
  text.exit {
    font-size: 13px;
    font-weight: 450;
    text-anchor: end;
  }
  text.mark {
    fill: var(--wa-color-danger-on-quiet);
    font-weight: 800;
    text-anchor: end;
  }
  .wire {
    fill: none;
    stroke: var(--wa-color-neutral-border-loud);
    stroke-width: 1.75;
    pointer-events: none;
  }
  .wire.from {
    stroke: var(--wa-color-brand-border-loud);
    stroke-width: 2.5;
  }
  .wire.draft {
    stroke: var(--wa-color-brand-border-loud);
    stroke-dasharray: 6 4;
  }
  .arrow {
    fill: var(--wa-color-neutral-border-loud);
    pointer-events: none;
  }
  .port {
    fill: var(--wa-color-surface-default);
    stroke: var(--wa-color-brand-border-loud);
    stroke-width: 2;
    pointer-events: none;
  }
  .port.wired {
    fill: var(--wa-color-brand-fill-loud);
  }
  .grip {
    fill: transparent;
    cursor: crosshair;
  }
  .band {
    fill: var(--wa-color-brand-fill-quiet);
    fill-opacity: 0.4;
    stroke: var(--wa-color-brand-border-loud);
  }
  .zoom {
    position: absolute;
    right: 12px;
    bottom: 12px;
    display: flex;
    gap: 4px;
    padding: 4px;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: 10px;
    background: var(--wa-color-surface-default);
  }
  @media (forced-colors: active) {
    .card,
    .wire,
    .port {
      stroke: CanvasText;
    }
    [role='button']:focus-visible .card,
    .selected .card {
      stroke: Highlight;
    }
  }
`;
