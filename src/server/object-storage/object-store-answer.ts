import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { ObjectStoreError } from './object-store-error.ts';

/** An XML answer of the store. Throws an ObjectStoreError for what is no XML. */
export function readAnswer(text: string): XmlElement {
  try {
    const { root } = parseXml(text);
    if (root) return root;
  } catch (error) {
    throw new ObjectStoreError('unreachable', 'The object store answers no XML.', { cause: error });
  }
  throw new ObjectStoreError('unreachable', 'The object store answers nothing.');
}

/** The children of this name. */
export const childrenOf = ({ children }: XmlElement, name: string): readonly XmlElement[] =>
  children.filter(
    (child): child is XmlElement => child instanceof XmlElement && child.name === name,
  );

/** The text of the first child of this name; '' without one. */
export const textOf = (element: XmlElement, name: string): string =>
  childrenOf(element, name)[0]?.text ?? '';

/** The code of an error answer, such as `NoSuchUpload`; '' without one. */
export function errorCodeOf(text: string): string {
  try {
    const root = readAnswer(text);
    return root.name === 'Error' ? textOf(root, 'Code') : '';
  } catch {
    return ''; // a proxy's page, or the answer to HEAD, which has no body
  }
}
