/** `mailto:` or `tel:` for what a visitor wrote; null where it is neither an address nor a number. */
export function contactLink({ contact }: { readonly contact: string }): string | null {
  const text = contact.trim();
  if (/^[^\s@:/?#]+@[^\s@:/?#]+\.[^\s@:/?#]+$/.test(text)) return `mailto:${encodeURI(text)}`;
  const digits = text.replace(/[\s()./-]/g, '');
  return /^\+?\d{3,20}$/.test(digits) ? `tel:${digits}` : null;
}
