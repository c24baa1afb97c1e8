/** A customer's card, as DOM nodes: the params of a call are never parsed as HTML. */

function element(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

function facts(rows) {
  return element(
    'dl',
    { className: 'facts' },
    ...rows.map(([term, value, className = '']) =>
      element(
        'div',
        {},
        element('dt', { textContent: term }),
        element('dd', { textContent: value, className }),
      ),
    ),
  );
}

function balance(customer, text) {
  if (customer.balance > 0) return [text.balance, text.owes(customer.balance.toFixed(2)), 'owes'];
  if (customer.balance < 0) return [text.balance, text.credit((-customer.balance).toFixed(2))];
  return [text.balance, text.settled];
}

function usage(customer, text) {
  const high = Math.max(...customer.kwh);
  const chart = element('div', { className: 'chart', role: 'img' });
  chart.setAttribute('aria-label', text.usageText(Math.min(...customer.kwh), high));
  for (const value of customer.kwh) {
    const bar = element('span', { title: `${value} kWh` });
    bar.style.blockSize = `${Math.round((value / high) * 100)}%`;
    chart.append(bar);
  }
  return element(
    'section',
    { className: 'panel' },
    element('h3', { textContent: text.usage }),
    chart,
    element('p', { className: 'quiet', textContent: chart.getAttribute('aria-label') }),
  );
}

function reported(params, text) {
  const rows = Object.entries(params).map(([key, value]) => [
    text.params[key] ?? key,
    text.values[value] ?? value,
  ]);
  return element(
    'section',
    { className: 'panel reported' },
    element('h3', { textContent: text.reported }),
    facts(rows),
  );
}

function history(entries, text, language) {
  const list = element('ol', { className: 'history' });
  for (const entry of entries) {
    list.append(
      element(
        'li',
        {},
        element('time', { textContent: entry.date, dateTime: entry.date }),
        element('span', { textContent: entry[language] }),
      ),
    );
  }
  return element(
    'section',
    { className: 'panel' },
    element('h3', { textContent: text.history }),
    list,
  );
}

/** @param view `{customer?, call?: {params, live, taken?}}` */
export function customerCard(view, text, language) {
  const { customer, call } = view;
  if (!customer && !call) {
    return [
      element(
        'div',
        { className: 'overview' },
        element('img', { src: 'harbor.svg', alt: '', width: 64, height: 64 }),
        element('h1', { textContent: text.overview }),
        element('p', { className: 'quiet', textContent: text.overviewText }),
      ),
    ];
  }
  const heading = element('h1', { textContent: customer ? customer.name[language] : text.unknown });
  const title = element('header', { className: 'title' }, heading);
  if (call?.live) {
    const textContent = call.taken ? text.inCall : text.callNow;
    title.append(element('span', { className: 'live', textContent }));
  }
  const under = customer ? `${customer.id} · ${customer.town[language]}` : text.unknownText;
  const parts = [title, element('p', { className: 'quiet', textContent: under })];
  if (call && Object.keys(call.params).length > 0) parts.push(reported(call.params, text));
  if (customer) {
    parts.push(
      facts([
        [text.meter, customer.meter],
        [text.phone, customer.phone],
        [text.since, String(customer.since)],
        [text.tariff, customer.tariff[language]],
        balance(customer, text),
      ]),
      usage(customer, text),
      history(customer.history, text, language),
    );
  }
  return parts;
}
