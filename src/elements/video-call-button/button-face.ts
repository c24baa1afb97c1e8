/** The button's elements. They are made without templates, because lit's templates are loaded after the press. */
export interface ButtonFace {
  readonly root: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly label: HTMLElement;
  /** Shows a failure; '' for none. */
  readonly alert: HTMLElement;
}

const CAMERA =
  'M4 6h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zm13 4.5 3.6-2.4a.9.9 0 0 1 1.4.8v6.2a.9.9 0 0 1-1.4.8L17 13.5z';

export function makeButtonFace(): ButtonFace {
  const [root, label, alert] = ['div', 'span', 'div'].map((tag) => document.createElement(tag)) as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ];
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
  label.part = 'label';
  alert.role = 'alert';
  icon.append(path);
  button.append(icon, label);
  root.append(button, alert);
  return { root, button, label, alert };
}
