import { nothing, type TemplateResult } from 'lit';
import type { VisitorCallSnapshot } from '../../../call/visitor-call-control.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { addStyles } from '../../parts/styles/add-styles.ts';
import { endedView, failedView, outcomeStyles } from './outcome-view.ts';

interface OutcomePanel extends Element {
  /** Why the request never reached the call. */
  readonly refusal: ErrorCode | null;
  drawPart(name: 'step' | 'after', snapshot: VisitorCallSnapshot): unknown;
}

/** A call that has ended or failed, or a request that never reached it, in the panel. */
export function draw(
  snapshot: VisitorCallSnapshot,
  panel: OutcomePanel,
): TemplateResult | typeof nothing {
  addStyles(panel, outcomeStyles);
  const { error, ended, retryAt } = snapshot;
  if (panel.refusal || snapshot.state === 'failed') {
    return failedView(panel.refusal ?? error ?? 'server-error', retryAt, panel);
  }
  if (!ended) return nothing;
  return endedView(ended, panel, [
    // Where something was left in a flow, or a callback was asked for.
    ended.code === undefined ? nothing : panel.drawPart('step', snapshot),
    // Also after less than a second of talk, which counts as none.
    ended.seconds > 0 || ended.reason === 'visitor-ended'
      ? panel.drawPart('after', snapshot)
      : nothing,
  ]);
}
