/**
 * Every part and every custom property of the elements, as their manifest names them, each with a button that shows
 * what it changes.
 */
import { language, translatePage } from '../shared/page-language.js';
import { stillDesk, stillRoom, stillTest } from './stills.js';
import { headings, page, parts, properties } from './texts.js';

/** What a pressed part gets, and values for properties that are no colours. Every other property gets the colour. */
const OUTLINE = 'outline: 4px solid #d6006c; outline-offset: -4px;';
const COLOUR = '#d6006c';
const VALUES = {
  '--rtc-font': 'Georgia, serif',
  '--rtc-radius': '0px',
  '--rtc-offset': '64px',
  '--rtc-on-accent': '#ffe96b',
  '--rtc-on-danger': '#ffe96b',
};

const element = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

const previews = {
  'video-call-button': () => [
    element('video-call-button', { site: 'demo', skill: 'after-sales', showWait: true }),
    element(
      'div',
      { className: 'floating' },
      element('video-call-button', { site: 'demo', placement: 'bottom-end' }),
    ),
  ],
  'call-room': () => [element('call-room', { session: stillRoom('visitor'), chatOpen: true })],
  'agent-desk': () => [
    element('agent-desk', { control: stillDesk(false) }),
    element('agent-desk', { control: stillDesk(true) }),
  ],
  'call-test': () => [element('call-test', { control: stillTest() })],
};

/** The page's own style sheet, whose rules the buttons switch. A policy without inline styles allows it. */
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
const pressed = new Set();

function toggle(button, rule) {
  if (!pressed.delete(rule)) pressed.add(rule);
  button.ariaPressed = String(pressed.has(rule));
  sheet.replaceSync([...pressed].join('\n'));
}

/** `rule` is what a page writes, and what the button switches on. */
function row(name, rule, description) {
  const button = element('button', { type: 'button', ariaPressed: 'false', textContent: name });
  button.addEventListener('click', () => toggle(button, rule));
  return element(
    'li',
    {},
    button,
    element('p', { textContent: description }),
    element('code', { textContent: rule }),
  );
}

function section({ tagName: tag, cssParts = [], cssProperties = [] }) {
  const { parts: partsText, properties: propertiesText } = headings[language];
  const chinese = language === 'zh-CN';
  const list = (heading, rows) =>
    rows.length === 0 ? [] : [element('h3', { textContent: heading }), element('ul', {}, ...rows)];
  const made = element(
    'section',
    { ariaLabel: tag },
    element('h2', {}, element('code', { textContent: `<${tag}>` })),
    element(
      'div',
      { className: 'both' },
      element('div', { className: 'preview' }, ...previews[tag]()),
      element(
        'div',
        {},
        ...list(
          partsText,
          cssParts.map(({ name, description }) =>
            row(
              `::part(${name})`,
              `${tag}::part(${name}) { ${OUTLINE} }`,
              chinese ? parts[tag][name] : description,
            ),
          ),
        ),
        ...list(
          propertiesText,
          cssProperties.map(({ name, description }) =>
            row(
              name,
              `${tag} { ${name}: ${VALUES[name] ?? COLOUR}; }`,
              chinese ? properties[name] : description,
            ),
          ),
        ),
      ),
    ),
  );
  return made;
}

/** The demo has no hours and few calls, so that its server may have no wait to tell. */
function fillWait({ shadowRoot }) {
  new MutationObserver(() => {
    const line = shadowRoot.querySelector('[part=wait]');
    if (line?.textContent === '') line.textContent = headings[language].wait;
  }).observe(shadowRoot, { subtree: true, childList: true });
}

translatePage(page);
const response = await fetch('custom-elements.json');
if (!response.ok) throw new Error(`custom-elements.json: ${response.status}`);
const { modules } = await response.json();
const elements = modules
  .flatMap(({ declarations = [] }) => declarations)
  .filter(({ tagName }) => tagName in previews);
for (const tag of Object.keys(previews)) {
  const found = elements.find(({ tagName }) => tagName === tag);
  document.querySelector('main').append(section(found));
}
for (const button of document.querySelectorAll('.preview > video-call-button')) fillWait(button);
