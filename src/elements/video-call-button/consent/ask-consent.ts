import { css } from 'lit';
import type { ConsentView } from '../../../protocol/visitor-view.ts';
import { firstView, whileBeginning, type AskingButton, type AskVisitor } from '../ask-visitor.ts';
import type { CallPanel } from '../panel/call-panel.ts';
import { ConsentMemory } from './consent-memory.ts';
import { ConsentQuestion } from './consent-question.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-consent-question')) {
  customElements.define('rtc-consent-question', ConsentQuestion);
}

/** While the question stands, the panel shows nothing of the wait, for nobody waits yet. */
const questionAlone = css`
  .waiting > :not(slot) {
    display: none;
  }
`.styleSheet!;

/** Asks for the site's consent, unless this browser's visitor has agreed to the same text before. */
export const ask: AskVisitor = async (desk, button, panel, call) => {
  const { signal, stop } = whileBeginning(call);
  try {
    const { consent } = (await firstView(desk, signal)).site;
    if (!consent) return null;
    const memory = new ConsentMemory(button.serverAddress, button.site);
    const remembered = memory.read();
    const { version } = consent;
    if (remembered?.version === version) {
      return { consent: { version, agreed: true, since: remembered.since } };
    }
    const agreed = await decide(consent, button, panel, signal);
    if (agreed) memory.write({ version, since: Date.now() });
    return { consent: { version, agreed } };
  } catch {
    // The call is over before the visitor has decided.
    return null;
  } finally {
    stop();
  }
};

/** Shows the question until the visitor has decided. Rejects when the call is over before. */
async function decide(
  consent: ConsentView,
  { lang, theme }: AskingButton,
  panel: CallPanel,
  signal: AbortSignal,
): Promise<boolean> {
  const question = document.createElement('rtc-consent-question');
  question.slot = 'challenge';
  question.lang = lang;
  question.theme = theme;
  question.consent = consent;
  const root = panel.shadowRoot!;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, questionAlone];
  panel.append(question);
  try {
    return await new Promise<boolean>((resolve, reject) => {
      question.addEventListener('consent-decided', ({ agreed }) => resolve(agreed));
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  } finally {
    question.remove();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== questionAlone);
  }
}
