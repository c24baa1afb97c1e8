/** The page `/h#code`: a visitor takes the place in the queue, or the call, over from another device. */
import { msg } from '@lit/localize';
import { takeHandOverHere } from '../../call/take-hand-over-here.ts';
import { HandOverCard } from '../../elements/hand-over/hand-over-card.ts';
import { readHandOver } from '../../elements/hand-over/hand-over-client.ts';
import { VideoCallButton } from '../rtc-desk.ts';
import { codeOfPage, openVisitorPage } from '../visitor-page/visitor-page.ts';

const server = location.origin;
const code = codeOfPage();

customElements.define('rtc-hand-over-card', HandOverCard);
const { main } = openVisitorPage(() => ({ heading: msg('Your call'), title: msg('Your call') }));

/** The site's button resumes the call that this browser has now. */
function goOn(site: string): void {
  const button = new VideoCallButton();
  button.site = site;
  button.server = server;
  if (new URLSearchParams(location.search).get('camera') === 'environment') {
    button.camera = 'environment';
  }
  main.append(button);
}

function offer(): void {
  let site = '';
  const card = new HandOverCard();
  card.actions = {
    read: () => readHandOver(server, code),
    take: (handOver) => {
      ({ site } = handOver);
      return takeHandOverHere({ server, site, code });
    },
  };
  card.addEventListener('hand-over-taken', () => {
    // A page that is loaded again goes on with the call: its code is used.
    history.replaceState({ site }, '');
    card.remove();
    goOn(site);
  });
  main.append(card);
}

const taken = history.state as { readonly site: string } | null;
if (taken) goOn(taken.site);
else offer();
