/** Types of the elements for Svelte's templates. A handler is written `oncall-ended`. */
import type { HTMLAttributes } from 'svelte/elements';
import type { ElementAttributes, Elements, EventHandlers } from './element-attributes.ts';

type Attributes<Tag extends keyof Elements> = Omit<
  HTMLAttributes<Elements[Tag]>,
  keyof ElementAttributes[Tag]
> &
  ElementAttributes[Tag] &
  EventHandlers<Tag>;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'agent-desk': Attributes<'agent-desk'>;
    'call-room': Attributes<'call-room'>;
    'call-test': Attributes<'call-test'>;
    'video-call-button': Attributes<'video-call-button'>;
  }
}
