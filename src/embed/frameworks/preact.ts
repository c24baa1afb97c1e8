/** Types of the elements for Preact's JSX. A handler is written `oncall-ended`. */
import type { HTMLAttributes } from 'preact';
import type { ElementAttributes, Elements, EventHandlers } from './element-attributes.ts';

type Props<Tag extends keyof Elements> = Omit<
  HTMLAttributes<Elements[Tag]>,
  keyof ElementAttributes[Tag]
> &
  ElementAttributes[Tag] &
  EventHandlers<Tag>;

declare module 'preact' {
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
