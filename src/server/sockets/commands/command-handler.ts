import type { CommandOf, CommandType, CommandValues } from '../../../protocol/client-messages.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';

/** One command of one connection. Rejects with an RtcDeskError where it is refused. */
export type Handler<T extends CommandType> = (
  node: NodeContext,
  connection: Connection,
  command: CommandOf<T>,
) => Promise<CommandValues[T]>;
