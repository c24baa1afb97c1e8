/** Types of the elements for Vue's templates. A handler is written `@call-ended`. */
import type { HTMLAttributes, VNodeProps } from 'vue';
import type { ElementAttributes, ElementEvents, Elements } from './element-attributes.ts';

type Camel<Name> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;

/** A template's names, `show-wait` and `@call-ended`, are props in camel case: `showWait` and `onCallEnded`. */
type Props<Tag extends keyof Elements> = {
  [Name in keyof ElementAttributes[Tag] as Camel<Name>]: ElementAttributes[Tag][Name];
} & {
  [Type in keyof ElementEvents[Tag] as `on${Capitalize<Camel<Type & string>>}`]?:
    ((event: ElementEvents[Tag][Type]) => void) | undefined;
};

type Component<Tag extends keyof Elements> = new () => Elements[Tag] & {
  /** Vue's tools read it. No element has it. */
  $props: Props<Tag> & Omit<HTMLAttributes, keyof Props<Tag>> & VNodeProps;
};

declare module 'vue' {
  /** The place of an element in the slots of a custom element, such as the button's `label`. */
  interface HTMLAttributes {
    slot?: string;
  }
  interface GlobalComponents {
    'agent-desk': Component<'agent-desk'>;
    'call-room': Component<'call-room'>;
    'call-test': Component<'call-test'>;
    'video-call-button': Component<'video-call-button'>;
  }
}
