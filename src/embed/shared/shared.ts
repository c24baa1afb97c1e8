/** The page `/shared#code`: somebody without an account plays a recording, or saves a case file. */
import { msg } from '@lit/localize';
import { SharedCard } from '../../elements/shared/shared-card.ts';
import { codeOfPage, openVisitorPage } from '../visitor-page/visitor-page.ts';

customElements.define('rtc-shared-card', SharedCard);
const card = new SharedCard();
card.server = location.origin;
card.code = codeOfPage();
const { main, renew } = openVisitorPage(() => {
  const heading = msg('Shared with you');
  return { heading, title: [heading, card.siteName].filter(Boolean).join(' · ') };
});
card.addEventListener('loaded', renew);
main.append(card);
