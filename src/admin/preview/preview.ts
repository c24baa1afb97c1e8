/** The sample page on which the console shows a site's button. Its address says how the button looks. */
const query = new URLSearchParams(location.search);
const read = (name: string): string => query.get(name) ?? '';
const theme = read('theme');
if (theme === 'light' || theme === 'dark') document.documentElement.style.colorScheme = theme;
else document.documentElement.style.colorScheme = 'light dark';

for (const name of ['line', 'line', 'line short', 'line', 'line short']) {
  const line = document.createElement('div');
  line.className = name;
  document.body.append(line);
}

const button = document.createElement('video-call-button');
for (const name of ['site', 'label', 'lang', 'theme', 'placement']) {
  if (read(name)) button.setAttribute(name, read(name));
}
const accent = read('accent');
if (/^#[0-9a-f]{6}$/.test(accent)) button.style.setProperty('--rtc-accent', accent);
// It only shows how the button looks: a press starts no call.
button.addEventListener(
  'click',
  (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);
document.body.append(button);
