import { connectDesk } from '../../crm-bridge.js';
import { inLanguage, language, translatePage } from '../shared/page-language.js';
import { customerCard } from './customer-card.js';
import { customers, findCustomer } from './customers.js';
import { page, texts } from './texts.js';

const text = texts[language];
const card = document.querySelector('#card');
const list = document.querySelector('#customers');
const search = document.querySelector('#search');
const none = document.querySelector('#none');
const deskState = document.querySelector('#desk-state');
const frame = document.querySelector('iframe');
const signIn = document.querySelector('#sign-in');

let shown = {};

function show(view) {
  shown = view;
  card.replaceChildren(...customerCard(view, text, language));
  for (const button of list.querySelectorAll('button')) {
    button.setAttribute('aria-current', String(button.dataset.id === view.customer?.id));
  }
}

function matches(customer, words) {
  const haystack = `${customer.name[language]} ${customer.meter} ${customer.town[language]}`;
  return haystack.toLowerCase().includes(words.trim().toLowerCase());
}

function showList() {
  const found = customers.filter((customer) => matches(customer, search.value));
  none.hidden = found.length > 0;
  list.replaceChildren(
    ...found.map((customer) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset.id = customer.id;
      button.setAttribute('aria-current', String(customer === shown.customer));
      const name = document.createElement('strong');
      name.textContent = customer.name[language];
      const meter = document.createElement('span');
      meter.textContent = customer.meter;
      button.append(name, meter);
      button.addEventListener('click', () => show({ customer }));
      const item = document.createElement('li');
      item.append(button);
      return item;
    }),
  );
}

function recordCall(customer, seconds) {
  const date = new Date().toISOString().slice(0, 10);
  const entry = (words) => (seconds > 0 ? words.talked(words.seconds(seconds)) : words.notTalked);
  customer.history.unshift({ date, en: entry(texts.en), 'zh-CN': entry(texts['zh-CN']) });
}

async function connect() {
  deskState.textContent = text.connecting;
  let desk;
  try {
    desk = await connectDesk(frame);
  } catch (error) {
    console.error(error);
    deskState.textContent = text.unreachable;
    return;
  }
  const calls = new Map();
  const showStatus = (status) => {
    deskState.textContent = text.status[status] ?? '';
    deskState.dataset.status = status;
    signIn.hidden = status !== 'signed-out';
  };
  // A real CRM knows who its user is: its backend signs a token for the desk.
  signIn.addEventListener('click', async () => {
    signIn.disabled = true;
    try {
      await desk.signIn({ site: 'demo', username: 'alice', password: 'demo' });
      await desk.setStatus('available');
    } catch (error) {
      console.warn(error);
      deskState.textContent = error.code === 'forbidden' ? text.notHere : text.notSignedIn;
    } finally {
      signIn.disabled = false;
    }
  });
  desk.addEventListener('desk-status', (event) => showStatus(event.detail.status));
  showStatus(desk.status);

  // The screen pop: the customer's card is shown while the call rings.
  desk.addEventListener('call-offered', ({ detail }) => {
    const call = { params: detail.params, live: true, customer: findCustomer(detail.params) };
    calls.set(detail.callId, call);
    show({ customer: call.customer, call });
  });
  desk.addEventListener('call-accepted', ({ detail }) => {
    const call = calls.get(detail.callId);
    if (!call) return;
    call.taken = true;
    // Changes only this word: a screen reader would read a new card again from its beginning.
    if (shown.call === call) card.querySelector('.live').textContent = text.inCall;
  });
  const over = (callId, seconds) => {
    const call = calls.get(callId);
    if (!call) return;
    calls.delete(callId);
    call.live = false;
    if (call.customer && seconds !== null) recordCall(call.customer, seconds);
    if (shown.call === call) show(shown);
  };
  desk.addEventListener('call-withdrawn', ({ detail }) => over(detail.callId, null));
  desk.addEventListener('call-ended', ({ detail }) => over(detail.callId, detail.seconds));
}

translatePage(page);
frame.title = language === 'zh-CN' ? page.desk : frame.title;
frame.src = inLanguage('../../desk/demo');
search.addEventListener('input', showList);
showList();
show({});
await connect();
