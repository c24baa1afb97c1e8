/** A language without a region is not enough for most recognisers. */
const USUAL_REGIONS: Readonly<Record<string, string>> = { en: 'en-US', zh: 'zh-CN' };

/** Whether a person who reads one language reads the other one, too. */
export const sameLanguage = (one: string, other: string): boolean =>
  primary(one) === primary(other);

const primary = (tag: string): string => tag.split('-')[0]!.toLowerCase();

/**
 * The languages that are tried for what a person says, the likeliest first: those of the site that are the person's
 * own, then the others of the site. Without languages of the site, the person's own.
 */
export function captionLanguages(site: readonly string[], own: string): readonly string[] {
  const usual = (tag: string) => USUAL_REGIONS[tag.toLowerCase()] ?? tag;
  if (site.length === 0) return [usual(own)];
  const isOwn = (tag: string) => sameLanguage(tag, own);
  return [...site.filter(isOwn), ...site.filter((tag) => !isOwn(tag))].map(usual);
}
