import { RtcDeskError } from '../../../protocol/errors.ts';

/**
 * A page that was loaded anew joins anew; one that only lost its socket goes on. Where the call has
 * moved on meanwhile there is nothing to join, and the snapshot that follows says so.
 */
export async function joinAnew(issue: () => Promise<string>): Promise<string | null> {
  try {
    return await issue();
  } catch (error) {
    if (error instanceof RtcDeskError && error.code === 'conflict') return null;
    throw error;
  }
}
