import { css } from 'lit';
import { baseStyles } from './base-styles.ts';

/**
 * The design tokens: neutral surfaces and one accent colour. A page sets `--rtc-*`. The styles read the `--_*`
 * that are derived from them. `light-dark()` is resolved where a colour is used, so that `color-scheme` on the
 * outermost element switches all inner elements.
 *
 * Contrast, light/dark: text on surface 15:1/15:1, quiet on surface and sunken ≥ 5:1, accent, danger, ok and
 * warn as text on surface ≥ 4.5:1, line-strong on surface ≥ 3:1.
 */
export const theme = css`
  :host {
    --_font: var(
      --rtc-font,
      system-ui,
      'PingFang SC',
      'Microsoft YaHei',
      'Noto Sans CJK SC',
      sans-serif
    );
    --_accent: var(--rtc-accent, light-dark(#0b5c7a, #6cc4e0));
    --_on-accent: var(--rtc-on-accent, light-dark(#ffffff, #06202b));
    --_accent-soft: color-mix(in srgb, var(--_accent) 12%, var(--_raised));
    --_surface: var(--rtc-surface, light-dark(#f5f7f9, #10161b));
    --_raised: var(--rtc-surface-raised, light-dark(#ffffff, #19222a));
    --_sunken: var(--rtc-surface-sunken, light-dark(#eaeef2, #0b1014));
    --_text: var(--rtc-text, light-dark(#14212b, #e8eef2));
    --_quiet: var(--rtc-text-quiet, light-dark(#4d5e6b, #a3b3be));
    --_line: var(--rtc-line, light-dark(#dbe2e8, #2c3943));
    --_line-strong: light-dark(#7d8c98, #6d7f8c);
    --_danger: var(--rtc-danger, light-dark(#b3261e, #ff9d92));
    --_on-danger: var(--rtc-on-danger, light-dark(#ffffff, #3b0703));
    --_danger-soft: color-mix(in srgb, var(--_danger) 10%, var(--_raised));
    --_ok: var(--rtc-ok, light-dark(#17693f, #7fd6a4));
    --_ok-soft: color-mix(in srgb, var(--_ok) 12%, var(--_raised));
    --_warn: var(--rtc-warn, light-dark(#8a4b00, #f3bf6c));
    --_warn-soft: color-mix(in srgb, var(--_warn) 12%, var(--_raised));
    --_radius: var(--rtc-radius, 12px);
    --_radius-small: calc(var(--_radius) * 2 / 3);
    --_shadow: 0 8px 32px light-dark(rgb(16 32 44 / 18%), rgb(0 0 0 / 55%));

    color: var(--_text);
    font: 400 16px/1.5 var(--_font);
    letter-spacing: normal;
    text-align: start;
    text-transform: none;
    -webkit-tap-highlight-color: transparent;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([theme='auto']) {
    color-scheme: light dark;
  }
  ${baseStyles}
`;
