import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { SiteSettings, SiteSettingsChange } from '../../../protocol/rest/site-settings.ts';
import { checkField, linesField, numberField, selectField, textField } from '../../parts/fields.ts';
import { FormPage } from '../../parts/form-page.ts';
import type { Versioned } from '../../rest/rest-client.ts';
import { LANGUAGES, withText } from '../languages.ts';
import { afterCallSection, ratingProblem } from './after-call-section.ts';
import { recordingSection } from '../recordings/recording-section.ts';
import { consentProblem, consentSection } from './consent-section.ts';
import { mediaProfileField, mediaProfileProblem } from './media-profile-fields.ts';
import { captionsProblem, captionsSection } from './captions-section.ts';
import { paramLabelsProblem, paramLabelsSection } from './param-labels-section.ts';
import { timeZoneOptions } from '../time-zones.ts';

/** The form changes everything except the challenge, whose secret key is set in the provision file. */
type SiteValue = Omit<SiteSettings, 'challenge'>;

const LIMITS = {
  queueLimit: 100_000,
  callsPerAddressPerDay: 1_000_000,
  socketLimit: 1_000_000,
  picturesPerRoom: 10_000,
  pictureMegabytes: 10_000_000,
} as const;
type Limit = keyof typeof LIMITS;

/** Seconds of the service level, with their bounds. */
const SERVICE_LEVEL = {
  serviceLevelSeconds: [1, 3600],
  shortAbandonSeconds: [0, 300],
} as const;

/** The colour that the picker begins with. */
const ACCENT = '#0b5c7a';

/** The page `Site`: where the button may stand, how it looks, and the site's limits. */
export class SitePage extends FormPage<SiteValue> {
  #hasChallenge = false;

  protected get heading(): string {
    return msg('Site');
  }

  protected blank(): SiteValue {
    throw new Error('The site is always there.');
  }

  protected create(): Promise<string> {
    throw new Error('The site is always there.');
  }

  protected async read(_key: string, signal: AbortSignal): Promise<Versioned<SiteValue>> {
    return this.#hold(await this.context.rest.read<SiteSettings>('/site', {}, signal));
  }

  #hold({ body, etag }: Versioned<SiteSettings>): Versioned<SiteValue> {
    const { challenge, ...value } = body;
    this.#hasChallenge = challenge !== null;
    return { body: value, etag };
  }

  protected async write(_key: string, changes: Partial<SiteValue>, etag: string) {
    const { id: _fixed, ...body } = changes;
    const change: SiteSettingsChange = body;
    const request = { method: 'PATCH', body: change, ifMatch: etag } as const;
    return this.#hold(await this.context.rest.send<SiteSettings>('/site', request));
  }

  protected check(value: SiteValue): Record<string, string> {
    const wrong = (origins: readonly string[]) => origins.find((origin) => !isOrigin(origin));
    const problem = (name: 'origins' | 'crmOrigins') => {
      const found = wrong(value[name]);
      return found
        ? { [name]: msg(str`${found} is no origin. Write it like https://www.example.com`) }
        : {};
    };
    const limits = (Object.keys(LIMITS) as Limit[]).filter(
      (name) => !Number.isInteger(value[name]) || value[name] < 1 || value[name] > LIMITS[name],
    );
    const seconds = (['serviceLevelSeconds', 'shortAbandonSeconds'] as const).flatMap((name) => {
      const [min, max] = SERVICE_LEVEL[name];
      if (Number.isInteger(value[name]) && value[name] >= min && value[name] <= max) return [];
      return [[name, msg(str`Enter a whole number from ${min} to ${max}.`)] as const];
    });
    const rating = ratingProblem(value.rating);
    const mediaProfile = mediaProfileProblem(value.mediaProfile);
    const phoneMediaProfile = mediaProfileProblem(value.phoneMediaProfile);
    const consent = consentProblem(value.consent);
    const paramLabels = paramLabelsProblem(value.paramLabels);
    const captions = captionsProblem(value.captions);
    return {
      ...Object.fromEntries(seconds),
      ...(rating && { rating }),
      ...(consent && { consent }),
      ...(mediaProfile && { mediaProfile }),
      ...(paramLabels && { paramLabels }),
      ...(captions && { captions }),
      ...(phoneMediaProfile && { phoneMediaProfile }),
      ...(!(value.rejoinSeconds >= 0 && value.rejoinSeconds <= 300) && {
        rejoinSeconds: msg(str`Enter a whole number from ${0} to ${300}.`),
      }),
      ...(value.name.trim() === '' && { name: msg('Enter a name.') }),
      ...problem('origins'),
      ...problem('crmOrigins'),
      ...Object.fromEntries(
        limits.map((name) => [name, msg(str`Enter a whole number from 1 to ${LIMITS[name]}.`)]),
      ),
    };
  }

  protected label(name: string): string {
    const labels: Record<string, string> = {
      name: msg('Name'),
      timeZone: msg('Time zone'),
      origins: msg('Pages that may show the button'),
      crmOrigins: msg('CRM pages that may show the desk'),
      queueLimit: msg('Calls that may wait at a time'),
      callsPerAddress: msg('Live calls from one address'),
      callsPerAddressPerDay: msg('Calls from one address in a day'),
      visitorCheck: msg('What a visitor has to show'),
      socketLimit: msg('Connections of visitors to one server'),
      picturesPerRoom: msg('Pictures in one conversation'),
      pictureMegabytes: msg('Space for all pictures (MB)'),
      noAgent: msg('When nobody of the group is online'),
      media: msg('Media'),
      mediaFallback: msg('Go on with the built-in media where TRTC fails'),
      deviceTestRoom: msg(
        'Device tests measure the line in a short room of TRTC, which TRTC bills',
      ),
      mediaProfile: msg('Picture of the cameras'),
      phoneMediaProfile: msg('Picture of the cameras of phones'),
      button: msg('Button'),
      serviceLevelSeconds: msg('Answered within (seconds)'),
      shortAbandonSeconds: msg('Abandoned calls count from (seconds)'),
      recording: msg('Recording'),
      captions: msg('Captions'),
      rating: msg('Rating'),
      consent: msg('Consent before a call'),
      paramLabels: msg('Facts from your pages'),
      rejoinSeconds: msg('Time to come back to a call (seconds)'),
    };
    return labels[name] ?? name;
  }

  protected auditSubject(): null {
    return null;
  }

  protected override renderActions(): TemplateResult | typeof nothing {
    if (this.context.session.may.retention === 'none') return nothing;
    return html`<wa-button appearance="outlined" href="/admin/site/retention">
      ${msg('How long data are kept')}
    </wa-button>`;
  }

  protected renderFields(): TemplateResult {
    return html`${this.#renderButton()} ${this.#renderOrigins()} ${this.#renderCalls()}
    ${consentSection(this, this.value.consent)} ${paramLabelsSection(this, this.value.paramLabels)}
    ${recordingSection(this, this.value.recording)} ${captionsSection(this, this.value.captions)}
    ${afterCallSection(this, this.value.rating, this.label('rejoinSeconds'))}`;
  }

  #renderButton() {
    const { button } = this.value;
    const change = (part: Partial<typeof button>) => this.change('button', { ...button, ...part });
    return html`<div class="card section">
      <h2>${msg('The button on your page')}</h2>
      <div class="fields">
        ${this.#choice('placement', msg('Place'), button.placement, [
          ['bottom-end', msg('Floating, at the right')],
          ['bottom-start', msg('Floating, at the left')],
          ['inline', msg('Where the line stands')],
        ])}
        ${this.#choice('theme', msg('Colours'), button.theme, [
          ['auto', msg('As the system')],
          ['light', msg('Light')],
          ['dark', msg('Dark')],
        ])}
        <div class="field">
          <label for="accent">${msg('Colour of the button')}</label>
          <div class="row">
            <input
              id="accent"
              type="color"
              .value=${live(button.accent ?? ACCENT)}
              @input=${(event: Event) =>
                change({ accent: (event.target as HTMLInputElement).value })}
            />
            ${
              button.accent === null
                ? html`<span class="quiet">${msg('Default')}</span>`
                : html`<wa-button
                    appearance="plain"
                    size="s"
                    @click=${() => change({ accent: null })}
                  >
                    ${msg('Use the default')}
                  </wa-button>`
            }
          </div>
        </div>
        ${LANGUAGES.map(
          ({ value: language, label }) =>
            html`<div class="field">
              <label for="label-${language}">${msg('Text of the button')} (${label})</label>
              <input
                id="label-${language}"
                maxlength="40"
                autocomplete="off"
                lang=${language}
                .value=${live(button.label[language] ?? '')}
                @input=${(event: Event) => {
                  const text = (event.target as HTMLInputElement).value;
                  change({
                    label: withText(button.label, language, text) as typeof button.label,
                  });
                }}
              />
            </div>`,
        )}
      </div>
      <rtc-button-preview .site=${this.value.id} .button=${button}></rtc-button-preview>
    </div>`;
  }

  #choice(
    name: 'placement' | 'theme',
    label: string,
    chosen: string,
    options: readonly (readonly [string, string])[],
  ) {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <select
        id=${name}
        @change=${(event: Event) =>
          this.change('button', {
            ...this.value.button,
            [name]: (event.target as HTMLSelectElement).value,
          })}
      >
        ${options.map(
          ([value, text]) =>
            html`<option value=${value} .selected=${live(value === chosen)}>${text}</option>`,
        )}
      </select>
    </div>`;
  }

  #renderOrigins() {
    return html`<div class="card section">
      <h2>${msg('Site')}</h2>
      <div class="fields">
        ${textField(this, {
          name: 'name',
          label: this.label('name'),
          maxLength: 80,
          hint: msg('Visitors see it.'),
        })}
        ${selectField(this, {
          name: 'timeZone',
          label: this.label('timeZone'),
          options: timeZoneOptions(this.value.timeZone),
        })}
        ${linesField(this, {
          name: 'origins',
          label: this.label('origins'),
          hint: msg('One address in each line, like https://www.example.com'),
        })}
        ${linesField(this, {
          name: 'crmOrigins',
          label: this.label('crmOrigins'),
          hint: msg('One address in each line.'),
        })}
      </div>
    </div>`;
  }

  #renderCalls() {
    const limit = (name: Limit) =>
      numberField(this, { name, label: this.label(name), min: 1, max: LIMITS[name] });
    return html`<div class="card section">
        <h2>${msg('Calls')}</h2>
        <div class="fields">
          ${selectField(this, {
            name: 'noAgent',
            label: this.label('noAgent'),
            options: [
              { value: 'queue', label: msg('The visitor waits') },
              { value: 'refuse', label: msg('The visitor is told so, and does not wait') },
            ],
          })}
          ${selectField(this, {
            name: 'visitorCheck',
            label: this.label('visitorCheck'),
            options: [
              { value: 'none', label: msg('Nothing') },
              { value: 'identity', label: msg('An identity that your backend signed') },
              ...(this.#hasChallenge
                ? [{ value: 'challenge', label: msg('An answered challenge') }]
                : []),
            ],
          })}
          ${selectField(this, {
            name: 'media',
            label: this.label('media'),
            options: [
              { value: 'default', label: msg('As the server is set up') },
              { value: 'mesh', label: msg('Built-in') },
              { value: 'trtc', label: 'TRTC' },
            ],
          })}
          ${checkField(this, { name: 'mediaFallback', label: this.label('mediaFallback') })}
          ${checkField(this, { name: 'deviceTestRoom', label: this.label('deviceTestRoom') })}
          ${(['mediaProfile', 'phoneMediaProfile'] as const).map((name) =>
            mediaProfileField(this, { name, label: this.label(name) }),
          )}
        </div>
      </div>
      <div class="card section">
        <h2>${msg('Service level')}</h2>
        <p class="quiet">
          ${msg('The share of calls that were answered in time. The live board shows it.')}
        </p>
        <div class="fields">
          ${(['serviceLevelSeconds', 'shortAbandonSeconds'] as const).map((name) => {
            const [min, max] = SERVICE_LEVEL[name];
            return numberField(this, { name, label: this.label(name), min, max });
          })}
        </div>
      </div>
      <div class="card section">
        <h2>${msg('Limits')}</h2>
        <div class="fields">
          ${limit('queueLimit')} ${limit('callsPerAddressPerDay')}
          ${numberField(this, {
            name: 'callsPerAddress',
            label: this.label('callsPerAddress'),
            min: 1,
            max: 100_000,
            optional: true,
            hint: msg('Empty: a tenth of the queue.'),
          })}
          ${limit('socketLimit')} ${limit('picturesPerRoom')} ${limit('pictureMegabytes')}
        </div>
      </div>`;
  }
}

/** Whether a text is an origin as a browser writes it. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
