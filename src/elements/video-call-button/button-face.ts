/** The button's elements. They are made without templates, because lit's templates are loaded after the press. */
export interface ButtonFace {
  readonly root: HTMLElement;
  readonly button: HTMLButtonElement;
  /** The slot whose own text is the label. */
  readonly label: HTMLElement;
  /** Shows a failure; '' for none. */
  readonly alert: HTMLElement;
}

const CAMERA = 'M2 8q0-2 2-2h9q2 0 2 2v8q0 2-2 2H4q-2 0-2-2zm15 2 5-3v10l-5-3z';

export function makeButtonFace(): ButtonFace {
  const [root, text, alert] = ['div', 'span', 'div'].map((tag) => document.createElement(tag)) as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ];
  // What a page puts there takes the place of the slot's own content.
  const [symbol, label] = ['icon', 'label'].map((name): HTMLElement =>
    Object.assign(document.createElement('slot'), { name }),
  ) as [HTMLElement, HTMLElement];
  const button = document.createElement('button');
  const [icon, path] = ['svg', 'path'].map((tag) =>
    document.createElementNS('http://www.w3.org/2000/svg', tag),
  ) as [SVGElement, SVGElement];
  root.className = 'face';
  button.part = 'button';
  button.type = 'button';
  button.ariaHasPopup = 'dialog';
  icon.part = 'icon';
  icon.ariaHidden = 'true';
  icon.setAttribute('viewBox', '0 0 24 24');
  path.setAttribute('d', CAMERA);
  text.part = 'label';
  alert.role = 'alert';
  icon.append(path);
  symbol.append(icon);
  text.append(label);
  button.append(symbol, text);
  root.append(button, alert);
  return { root, button, label, alert };
}
