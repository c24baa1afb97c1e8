import { msg } from '@lit/localize';
import { NAMELESS } from '../../call/room-control.ts';

/** Whether this stands for a name that was not given. */
export const isNameless = (name: string): boolean => !name.trim() || name === NAMELESS;

/** What to call somebody who may not have said a name. */
export const shownName = (name: string): string => (isNameless(name) ? msg('Visitor') : name);
