import { noChange } from 'lit';
import { Directive, PartType, directive, type ElementPart, type PartInfo } from 'lit/directive.js';

/**
 * Sets style properties one by one: `<div ${styleProperties({ left: '8px', '--_part': '0.5' })}>`. It works
 * where a page's policy forbids inline styles; lit's styleMap does not, because it writes a `style` attribute
 * at the first render. A property that is null is removed; one that is left out stays.
 */
class StyleProperties extends Directive {
  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.ELEMENT) throw new Error();
  }

  render(_properties: Readonly<Record<string, string | null>>): typeof noChange {
    return noChange;
  }

  override update(
    part: ElementPart,
    [properties]: [Readonly<Record<string, string | null>>],
  ): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(properties)) style.setProperty(name, value);
    return noChange;
  }
}

export const styleProperties = directive(StyleProperties);

/** The names whose value is true, for `class=${classNames({ tile: true, speaking })}`. */
export function classNames(classes: Readonly<Record<string, unknown>>): string {
  return Object.keys(classes)
    .filter((name) => classes[name])
    .join(' ');
}
