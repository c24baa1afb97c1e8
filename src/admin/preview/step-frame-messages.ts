import type { ErrorCode } from '../../protocol/errors.ts';
import type { FlowStepView } from '../../protocol/flow-step-view.ts';

/** To the page in the frame: what it shows. */
export interface StepFrameOrder {
  readonly step: FlowStepView;
  readonly language: string;
  readonly theme: 'light' | 'dark';
  /** Why the last answer was refused. */
  readonly refusal: ErrorCode | null;
}

/** From the page in the frame. */
export type StepFrameAnswer =
  | { readonly type: 'ready' }
  /** What the visitor answers; null goes back. */
  | { readonly type: 'answer'; readonly value: string | Readonly<Record<string, string>> | null }
  /** The visitor gives up. */
  | { readonly type: 'cancel' };
