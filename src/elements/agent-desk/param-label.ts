/** A key as a person reads it: `meter_no` → `Meter no`, `orderId` → `Order id`. */
export function paramLabel(key: string): string {
  const words = key
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/[_\-.\s]+/g, ' ')
    .trim();
  if (!words) return key;
  const [first = '', ...rest] = words;
  const lower = rest.join('').replace(/\p{Lu}(?=\p{Ll})/gu, (letter) => letter.toLowerCase());
  return first.toLocaleUpperCase() + lower;
}
