import { css } from 'lit';

export const adminAppStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto 1fr;
    min-height: 100dvh;
  }
  header {
    position: sticky;
    top: 0;
    z-index: 5;
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 60px;
    padding: 6px 20px;
    border-bottom: 1px solid var(--wa-color-surface-border);
    background: var(--wa-color-surface-default);
  }
  .brand {
    display: flex;
    gap: 12px;
    align-items: center;
    min-width: 0;
    color: inherit;
    font-weight: 700;
    text-decoration: none;
  }
  .site {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .mark {
    display: grid;
    flex: none;
    place-items: center;
    width: 36px;
    height: 36px;
    border-radius: 10px;
    background: var(--wa-color-brand-fill-loud);
    color: var(--wa-color-brand-on-loud);
    font-size: 20px;
  }
  .space {
    flex: 1;
  }
  .body {
    display: grid;
    grid-template-columns: 232px minmax(0, 1fr);
    align-items: start;
  }
  nav {
    position: sticky;
    top: 61px;
    display: grid;
    gap: 2px;
    max-height: calc(100dvh - 61px);
    padding: 20px 12px;
    overflow-y: auto;
  }
  nav a {
    display: flex;
    gap: 12px;
    align-items: center;
    min-height: 42px;
    padding: 8px 12px;
    border-radius: 8px;
    color: var(--wa-color-text-normal);
    font-weight: 550;
    text-decoration: none;
  }
  nav a wa-icon {
    font-size: 20px;
    color: var(--wa-color-text-quiet);
  }
  nav a:hover {
    background: var(--wa-color-neutral-fill-quiet);
  }
  nav a[aria-current='page'] {
    background: var(--wa-color-brand-fill-quiet);
    color: var(--wa-color-brand-on-quiet);
    font-weight: 700;
  }
  nav a[aria-current='page'] wa-icon {
    color: inherit;
  }
  wa-drawer nav {
    position: static;
    padding: 0;
  }
  main {
    min-width: 0;
    width: 100%;
    max-width: 1760px;
    padding: 28px 32px 96px;
  }
  main:focus {
    outline: none;
  }
  .sign-in {
    display: grid;
    grid-row: 1 / -1;
    place-items: center;
    max-width: none;
    padding: 24px 16px;
  }
  .sign-in .card {
    width: min(100%, 420px);
    padding: 28px 24px;
  }
  .between {
    justify-content: space-between;
  }
  .skip {
    position: absolute;
    top: 8px;
    left: 8px;
    z-index: 20;
    padding: 10px 16px;
    border-radius: 8px;
    background: var(--wa-color-surface-default);
    font-weight: 700;
  }
  .skip:not(:focus) {
    width: 1px;
    height: 1px;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
  @media (max-width: 899px) {
    header {
      padding: 4px 8px;
    }
    .body {
      grid-template-columns: minmax(0, 1fr);
    }
    main {
      padding: 20px 16px 96px;
    }
  }
  @media (max-width: 560px) {
    .brand .mark {
      display: none;
    }
  }
`;
