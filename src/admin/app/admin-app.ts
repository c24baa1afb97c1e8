import { Router } from '@lit-labs/router';
import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { ConsoleSession } from '../../protocol/rest/console-session.ts';
import type { ConfirmDialog } from '../parts/confirm-dialog.ts';
import type { ConsoleNotices } from '../parts/console-notices.ts';
import { consoleStyles, iconTextStyles } from '../parts/console-styles.ts';
import { errorText } from '../rest/error-text.ts';
import { RestClient } from '../rest/rest-client.ts';
import { adminAppStyles } from './admin-app-styles.ts';
import type { ConsoleContext } from './console-context.ts';
import { navigationFor, type NavigationLink } from './navigation.ts';
import { accountRoutes, isAccountPath, pageRoutes } from './routes.ts';
import { resumeSession, signOut } from './session.ts';
import type { SignedInEvent } from './sign-in-form.ts';
import { UnsavedGuard } from './unsaved-guard.ts';

/** The console: who is signed in, the navigation, and the page of the present address. */
@localized()
export class AdminApp extends LitElement {
  static override styles = [consoleStyles, iconTextStyles, adminAppStyles];

  readonly #rest = new RestClient();

  /** Undefined while the server is asked; null: nobody is signed in. */
  @state() private session: ConsoleSession | null | undefined = undefined;
  /** The session ended while a page was open: its unsaved changes are still there. */
  @state() private sessionLost = false;
  @state() private problem = '';
  @state() private isNarrow = false;
  @state() private menuOpen = false;

  @query('rtc-console-notices') private readonly notices!: ConsoleNotices;
  @query('rtc-confirm-dialog') private readonly dialog!: ConfirmDialog;
  @query('main') private readonly main!: HTMLElement | null;

  readonly #narrow = matchMedia('(max-width: 899px)');
  readonly #router = new Router(
    this,
    [...pageRoutes(() => this.#context), ...accountRoutes(this.#rest)],
    { fallback: { render: () => html`<rtc-unknown-address></rtc-unknown-address>` } },
  );
  readonly #guard = new UnsavedGuard(
    () =>
      this.dialog.ask({
        title: msg('Leave without saving?'),
        text: msg('Your changes on this page are not saved. If you leave, they are lost.'),
        action: msg('Leave without saving'),
        danger: true,
      }),
    (address) => this.#go(address),
  );
  #context!: ConsoleContext;
  #shownPath = '';

  constructor() {
    super();
    this.#rest.onSessionLost = () => {
      if (this.session) this.sessionLost = true;
    };
  }

  override connectedCallback(): void {
    // Before the router's controller: the listeners of the window run in the order in which they were added.
    this.#guard.connect();
    super.connectedCallback();
    this.isNarrow = this.#narrow.matches;
    this.#narrow.addEventListener('change', this.#handleWidth);
    if (!isAccountPath(location.pathname)) void this.#resume();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#guard.disconnect();
    this.#narrow.removeEventListener('change', this.#handleWidth);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { pathname } = location;
    if (pathname === this.#shownPath || !this.main) return;
    // A reader of the screen begins at the top of the new page. The first page leaves the focus alone.
    if (this.#shownPath !== '') this.main.focus();
    this.#shownPath = pathname;
    this.menuOpen = false;
  }

  protected override render() {
    return html`${this.#renderPage()}
      <rtc-confirm-dialog></rtc-confirm-dialog>
      <rtc-console-notices></rtc-console-notices>`;
  }

  #renderPage() {
    if (isAccountPath(location.pathname)) {
      return html`<main class="sign-in" tabindex="-1">${this.#router.outlet()}</main>`;
    }
    if (this.problem) {
      return html`<main class="sign-in">
        <div class="card stack">
          <h1>${msg('Console')}</h1>
          <p role="alert">${this.problem}</p>
          <wa-button @click=${() => this.#resume()}>${msg('Try again')}</wa-button>
        </div>
      </main>`;
    }
    if (this.session === undefined) {
      return html`<main class="sign-in">
        <wa-spinner></wa-spinner><span class="visually-hidden">${msg('Loading…')}</span>
      </main>`;
    }
    if (this.session === null) return this.#renderSignIn();
    return this.#renderConsole(this.session);
  }

  #renderSignIn() {
    return html`<main class="sign-in">
      <div class="card stack">
        <div class="row between">
          <span class="mark"><wa-icon name="calls"></wa-icon></span>
          <rtc-theme-menu></rtc-theme-menu>
        </div>
        <div>
          <h1>${msg('Console')}</h1>
          <p class="quiet">${msg('Sign in to run your support centre.')}</p>
        </div>
        <rtc-sign-in-form
          .rest=${this.#rest}
          @signed-in=${(event: SignedInEvent) => this.#enter(event.session)}
        ></rtc-sign-in-form>
      </div>
    </main>`;
  }

  #renderConsole({ site, agent, may }: ConsoleSession) {
    const links = navigationFor(may);
    const home = links[0]?.path ?? '/admin';
    return html`<header>
        <a class="skip" href="#main" rel="external" @click=${this.#handleSkip}>
          ${msg('Skip to the page')}
        </a>
        ${
          this.isNarrow
            ? html`<wa-button
                appearance="plain"
                aria-haspopup="dialog"
                @click=${() => (this.menuOpen = true)}
              >
                <wa-icon name="menu" label=${msg('Menu')}></wa-icon>
              </wa-button>`
            : nothing
        }
        <a class="brand" href=${home}>
          <span class="mark"><wa-icon name="calls"></wa-icon></span>
          <span class="site">${site.name}</span>
        </a>
        <span class="space"></span>
        <rtc-theme-menu></rtc-theme-menu>
        <wa-dropdown placement="bottom-end" @wa-select=${this.#handleAccount}>
          <wa-button slot="trigger" appearance="plain">
            <wa-icon name="account"></wa-icon>
            <span class="text">${agent.name}</span>
          </wa-button>
          <wa-dropdown-item value="account">${msg('My account')}</wa-dropdown-item>
          <wa-dropdown-item value="desk">${msg('Open my desk')}</wa-dropdown-item>
          <wa-dropdown-item value="sign-out">${msg('Sign out')}</wa-dropdown-item>
        </wa-dropdown>
      </header>
      <div class="body">
        ${this.isNarrow ? this.#renderMenu(links) : this.#renderNavigation(links)}
        <main id="main" tabindex="-1">${this.#renderOutlet(links)}</main>
      </div>
      ${
        this.sessionLost
          ? html`<rtc-lost-session
              .rest=${this.#rest}
              username=${agent.username}
              @signed-in=${(event: SignedInEvent) => this.#return(event.session)}
            ></rtc-lost-session>`
          : nothing
      }`;
  }

  #renderOutlet(links: readonly NavigationLink[]) {
    if (!links[0]) return html`<p>${msg('Your role has no part in the console.')}</p>`;
    return this.#router.outlet();
  }

  #renderNavigation(links: readonly NavigationLink[]) {
    const { pathname } = location;
    return html`<nav aria-label=${msg('Console')}>
      ${links.map(({ path, label, icon }) => {
        const isHere = pathname === path || pathname.startsWith(`${path}/`);
        return html`<a href=${path} aria-current=${isHere ? 'page' : 'false'}>
          <wa-icon name=${icon}></wa-icon>${label}
        </a>`;
      })}
    </nav>`;
  }

  #renderMenu(links: readonly NavigationLink[]) {
    return html`<wa-drawer
      placement="start"
      label=${msg('Menu')}
      .open=${this.menuOpen}
      light-dismiss
      @wa-after-hide=${(event: Event) => {
        if (event.target === event.currentTarget) this.menuOpen = false;
      }}
    >
      ${this.menuOpen ? this.#renderNavigation(links) : nothing}
    </wa-drawer>`;
  }

  async #resume(): Promise<void> {
    this.problem = '';
    this.session = undefined;
    try {
      const session = await resumeSession(this.#rest);
      if (session) this.#enter(session);
      else this.session = null;
    } catch (error) {
      this.problem = errorText(error);
    }
  }

  #enter(session: ConsoleSession): void {
    this.#context = {
      rest: this.#rest,
      session,
      confirm: (question) => this.dialog.ask(question),
      notify: (text) => this.notices.show(text),
      go: (path, options) => this.#go(path, options?.replace),
      setUnsaved: (unsaved) => (this.#guard.unsaved = unsaved),
    };
    this.session = session;
    this.sessionLost = false;
    const [first] = navigationFor(session.may);
    if (first && /^\/admin\/?$/.test(location.pathname)) this.#go(first.path, true);
  }

  /** The same person goes on with the open page. Another one begins anew. */
  #return(session: ConsoleSession): void {
    if (session.agent.id === this.session?.agent.id) {
      this.sessionLost = false;
      this.notices.show(msg(str`Welcome back, ${session.agent.name}.`));
      return;
    }
    this.#guard.unsaved = false;
    location.assign('/admin');
  }

  #go(path: string, replace = false): void {
    this.#guard.unsaved = false;
    if (replace) history.replaceState(null, '', path);
    else history.pushState(null, '', path);
    void this.#router.goto(new URL(path, location.origin).pathname);
    this.requestUpdate();
  }

  async #handleAccount(event: Event): Promise<void> {
    const { value } = (event as CustomEvent<{ item: { value: string } }>).detail.item;
    if (value === 'desk') {
      window.open(`/desk/${this.session?.site.id}`, '_blank', 'noopener');
      return;
    }
    if (!(await this.#guard.mayLeave())) return;
    if (value === 'account') {
      this.#go('/admin/account');
      return;
    }
    try {
      await signOut(this.#rest);
      location.assign('/admin');
    } catch (error) {
      this.notices.show(errorText(error));
    }
  }

  #handleSkip(event: Event): void {
    event.preventDefault();
    this.main?.focus();
  }

  readonly #handleWidth = (): void => {
    this.isNarrow = this.#narrow.matches;
    this.menuOpen = false;
  };
}
