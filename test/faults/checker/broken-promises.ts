import { checkHistory } from './check-history.ts';
import { soundStory, Teller, type Story } from './valid-history.ts';

/** The promises that a spoiled story breaks, each once. */
export function broken(spoil: (story: Story, more: Teller) => void): string[] {
  const story = soundStory();
  const more = new Teller();
  spoil(story, more);
  const events = [...story.events, ...more.events].sort((a, b) => a.at - b.at);
  return [...new Set(checkHistory({ events, record: story.record }).map(({ promise }) => promise))];
}
