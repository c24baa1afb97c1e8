import { createHash } from 'node:crypto';

/** Statements that every connection keeps prepared; the code has about a hundred, all constants. */
const MOST = 400;
const names = new Map<string, string>();

/**
 * The name under which a statement is prepared, so that a connection parses and plans it once.
 * Undefined past the limit: then it is parsed each time, and memory stays bounded.
 */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size >= MOST) return known;
  const name = `s${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`;
  names.set(text, name);
  return name;
}
