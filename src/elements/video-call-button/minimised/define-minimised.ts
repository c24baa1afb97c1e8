import { html, nothing } from 'lit';
import type {
  VisitorCallControl,
  VisitorCallSnapshot,
} from '../../../call/visitor-call-control.ts';
import '../../call-room/small/small-call.ts';
import { draw as drawRecording } from '../recording/define-recording.ts';

interface MinimisedPanel {
  readonly call: VisitorCallControl | null;
  readonly lang: string;
  readonly theme: string | null;
}

/** What the panel draws while the visitor talks and has minimised it. */
export const draw = (snapshot: VisitorCallSnapshot, panel: MinimisedPanel) =>
  html`${snapshot.recording ? drawRecording(snapshot, panel, true) : nothing}<rtc-small-call
      .room=${snapshot.room}
      .theme=${panel.theme}
      .recording=${snapshot.recording?.state}
    ></rtc-small-call>`;
