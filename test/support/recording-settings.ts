import type { RecordingSettings } from '../../src/protocol/views.ts';

/** How a site records. What is not given: on demand, without asking; the call goes on. */
export const recordingSettings = (change: Partial<RecordingSettings> = {}): RecordingSettings => ({
  mode: 'on-demand',
  askFirst: false,
  onRefusal: 'continue',
  onFailure: 'continue',
  text: {},
  ...change,
});
