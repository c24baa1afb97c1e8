/** The page `/my-call#code`: a visitor looks at a call that is over. */
import { msg } from '@lit/localize';
import { OwnCallCard } from '../../elements/own-call/own-call-card.ts';
import { OwnCallLedgerElement } from '../../elements/own-call/own-call-ledger.ts';
import { OwnCallClient } from '../../elements/own-call/own-call-client.ts';
import { codeOfPage, openVisitorPage } from '../visitor-page/visitor-page.ts';

customElements.define('rtc-own-call-card', OwnCallCard);
customElements.define('rtc-own-call-ledger', OwnCallLedgerElement);
const card = new OwnCallCard();
card.client = new OwnCallClient(location.origin, codeOfPage());
const { main, renew } = openVisitorPage(() => {
  const heading = msg('Your call');
  return { heading, title: [heading, card.siteName].filter(Boolean).join(' · ') };
});
card.addEventListener('loaded', renew);
main.append(card);
