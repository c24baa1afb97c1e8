import { html } from 'lit';
import type { VisitorCallSnapshot } from '../../../call/visitor-call-control.ts';
import '../../call-room/small/small-call.ts';

/** What the panel draws while the visitor talks and has minimised it. */
export const draw = ({ room }: VisitorCallSnapshot, { theme }: { readonly theme: string | null }) =>
  html`<rtc-small-call .room=${room} .theme=${theme}></rtc-small-call>`;
