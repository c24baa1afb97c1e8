import type { FilePlace } from './recording-clock.ts';

/** A place of the recording was chosen. */
export class GoToEvent extends Event {
  constructor(readonly place: FilePlace) {
    super('go-to');
  }
}
