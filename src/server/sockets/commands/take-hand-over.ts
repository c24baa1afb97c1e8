import { resumeHash } from '../../calls/resume-call.ts';
import * as handOvers from '../../hand-overs/take-hand-over.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** This socket stays without the call: a `fresh` hello with the token comes back to it. */
export const takeHandOver: CommandHandler<'take-hand-over'> = async (
  { database },
  connection,
  { code, resume },
) => {
  const { site } = requireViewer(connection, 'visitor');
  return handOvers.takeHandOver(database, {
    siteId: site.id,
    code,
    resumeHash: resumeHash(resume),
  });
};
