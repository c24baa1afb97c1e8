import type { CannedReply } from '../../../protocol/rest/canned-replies.ts';
import type { AgentView, LegCallView } from '../../../protocol/views.ts';

export interface ReplyFacts {
  readonly visitor: Pick<LegCallView['visitor'], 'name' | 'params'>;
  readonly agent: string;
  readonly site: string;
  readonly group: string;
}

/** What the variables of a call's replies stand for. */
export function replyFacts(call: LegCallView, agent: AgentView['agent']): ReplyFacts {
  const { visitor, skill } = call;
  return { visitor, agent: agent.name, site: agent.site.name, group: skill.name };
}

/** The text with its variables filled in. A param that the call does not have leaves nothing. */
export function filledReply(text: string, { visitor, agent, site, group }: ReplyFacts): string {
  const values: Readonly<Record<string, string>> = { visitor: visitor.name, agent, site, group };
  return text.replace(/\{(visitor|agent|site|group)\}|\{param:([^{}]+)\}/g, (_, name, param) =>
    name === undefined ? (visitor.params[param as string] ?? '') : (values[name as string] ?? ''),
  );
}

/** What the agent types to find a reply: a slash at the beginning of a message of one line. Null for any other text. */
export function replyQuery(text: string): string | null {
  return /^\/[^\n]*$/.test(text) ? text.slice(1).trim().toLowerCase() : null;
}

/**
 * The replies whose shortcut begins with the query, then those whose text holds it. Replies in the visitor's language
 * come first, then those for any language.
 */
export function matchingReplies(
  replies: readonly CannedReply[],
  query: string,
  language: string | null,
): readonly CannedReply[] {
  const rank = (reply: CannedReply): number | null => {
    const begins = reply.shortcut.toLowerCase().startsWith(query);
    if (!begins && !reply.text.toLowerCase().includes(query)) return null;
    return (begins ? 0 : 10) + languageRank(reply.language, language);
  };
  return replies
    .flatMap((reply) => {
      const place = rank(reply);
      return place === null ? [] : [{ reply, place }];
    })
    .toSorted((a, b) => a.place - b.place || a.reply.shortcut.localeCompare(b.reply.shortcut))
    .map(({ reply }) => reply);
}

function languageRank(of: string | null, wanted: string | null): number {
  if (of === null) return 1;
  return wanted !== null && of.slice(0, 2) === wanted.slice(0, 2).toLowerCase() ? 0 : 2;
}
