import { setLocale, type Locale } from '../../locales/admin/locales.ts';

export type Theme = 'auto' | 'light' | 'dark';

const THEME_KEY = 'rtc-desk-console-theme';
const LANGUAGE_KEY = 'rtc-desk-console-language';
const dark = matchMedia('(prefers-color-scheme: dark)');

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(THEME_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(THEME_KEY, theme);
  showTheme();
}

/** Web Awesome reads the theme from a class of the page. */
function showTheme(): void {
  const theme = chosenTheme();
  const isDark = theme === 'dark' || (theme === 'auto' && dark.matches);
  document.documentElement.classList.toggle('wa-dark', isDark);
  document.documentElement.classList.toggle('wa-light', !isDark);
}

export async function chooseLanguage(locale: Locale): Promise<void> {
  localStorage.setItem(LANGUAGE_KEY, locale);
  await showLanguage(locale);
}

async function showLanguage(locale: Locale): Promise<void> {
  await setLocale(locale);
  document.documentElement.lang = locale;
}

/** The language of the address, else the chosen one, else the browser's. */
function preferredLanguage(): Locale {
  const asked = new URLSearchParams(location.search).get('lang');
  const stored = localStorage.getItem(LANGUAGE_KEY);
  for (const tag of [asked, stored, ...navigator.languages]) {
    if (tag && /^zh\b/i.test(tag)) return 'zh-CN';
    if (tag && /^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

/** Shows the page in the person's language and colours, now and when the system changes between day and night. */
export async function applyPreferences(): Promise<void> {
  showTheme();
  dark.addEventListener('change', showTheme);
  await showLanguage(preferredLanguage());
}
