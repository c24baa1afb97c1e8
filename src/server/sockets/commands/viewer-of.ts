import { RtcDeskError } from '../../../protocol/errors.ts';
import type { Connection } from '../connection.ts';
import type { Viewer } from '../viewer.ts';

/** The viewer in this role. Throws `forbidden` for any other. */
export function viewerOf<R extends Viewer['role']>(
  connection: Connection,
  role: R,
): Extract<Viewer, { role: R }> {
  const { viewer } = connection;
  if (viewer?.role !== role) throw new RtcDeskError('forbidden', 'This command is not yours.');
  return viewer as Extract<Viewer, { role: R }>;
}
