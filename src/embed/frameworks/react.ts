/**
 * Types of the elements for React's JSX. React 19 sets properties and adds handlers (`oncall-ended`); React 18 knows
 * attributes alone, and needs a `ref` for the others.
 */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { ElementAttributes, Elements, EventHandlers } from './element-attributes.ts';

type Props<Tag extends keyof Elements> = Omit<
  DetailedHTMLProps<HTMLAttributes<Elements[Tag]>, Elements[Tag]>,
  keyof ElementAttributes[Tag]
> &
  ElementAttributes[Tag] &
  EventHandlers<Tag>;

declare module 'react' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- JSX types are in a namespace.
  namespace JSX {
    interface IntrinsicElements {
      'agent-desk': Props<'agent-desk'>;
      'call-room': Props<'call-room'>;
      'call-test': Props<'call-test'>;
      'video-call-button': Props<'video-call-button'>;
    }
  }
}
