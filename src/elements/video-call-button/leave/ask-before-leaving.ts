import type { CallPanel } from '../panel/call-panel.ts';
import { LeaveQuestion } from './leave-question.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-leave-question')) {
  customElements.define('rtc-leave-question', LeaveQuestion);
}

/** Asks the visitor in the panel whether the call is to end. The panel removes the question with the room. */
export function askBeforeLeaving({ renderRoot: place, lang, theme }: CallPanel): void {
  const existing = place.querySelector('rtc-leave-question');
  const question = existing ?? document.createElement('rtc-leave-question');
  question.lang = lang;
  question.theme = theme;
  if (!existing) place.append(question);
  void question.show();
}
