import { msg, str } from '@lit/localize';
import type { AskedAction } from '../../../call/picture-tools-control.ts';

/** What became of the last thing that the agent asked of somebody's device. */
export function askedText({ action, state }: AskedAction, name: string): string {
  switch (state) {
    case 'asked':
      return msg(str`${name} is asked …`);
    case 'refused':
      return msg(str`${name} does not want this now.`);
    case 'unsupported':
      return msg(str`The device of ${name} cannot do this.`);
    case 'failed':
      return msg('It did not work.');
    case 'gone':
      return msg(str`${name} is not in the room.`);
    case 'done':
      switch (action.kind) {
        case 'photo':
          return msg('The photo is in the chat.');
        case 'flip':
          return msg('The other camera is on.');
        case 'torch':
          return action.on ? msg('The light is on.') : msg('The light is off.');
        case 'detail':
          return action.on ? msg('The picture is sharper now.') : msg('The picture is as usual.');
        case 'zoom':
          return msg(str`The camera is at ${action.factor}×.`);
      }
  }
}
