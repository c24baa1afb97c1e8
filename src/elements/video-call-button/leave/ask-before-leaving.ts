import { LeaveQuestion } from './leave-question.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-leave-question')) {
  customElements.define('rtc-leave-question', LeaveQuestion);
}

interface LeavePanel {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly lang: string;
  readonly theme: 'light' | 'dark' | 'auto' | null;
}

/** Asks the visitor in the panel whether the call is to end. The panel removes the question with the room. */
export function askBeforeLeaving({ renderRoot: place, lang, theme }: LeavePanel): void {
  const existing = place.querySelector('rtc-leave-question');
  const question = existing ?? document.createElement('rtc-leave-question');
  question.lang = lang;
  question.theme = theme;
  if (!existing) place.append(question);
  void question.show();
}
