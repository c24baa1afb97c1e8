import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { MediaProfile, VideoProfile } from '../../../protocol/video-profile.ts';
import { VIDEO_PROFILES } from '../../../protocol/video-profiles.ts';
import { below, type FieldHost } from '../../parts/fields.ts';

type ProfileName = 'mediaProfile' | 'phoneMediaProfile';
type Part = 'height' | 'frameRate' | 'bitrate';

const BOUNDS: Readonly<Record<Part, readonly [min: number, max: number]>> = {
  height: [90, 2160],
  frameRate: [1, 60],
  bitrate: [50, 10_000],
};

/** A named profile, or its numbers; on phones also none, which stands for the one of computers. */
export function mediaProfileField(
  host: FieldHost,
  { name, label }: { readonly name: ProfileName; readonly label: string },
): TemplateResult {
  const profile = host.value[name] as MediaProfile | null;
  const own = profile !== null && typeof profile === 'object';
  const options: readonly (readonly [string, string])[] = [
    ...(name === 'phoneMediaProfile' ? ([['', msg('As on computers')]] as const) : []),
    ['saver', msg('Saver: 360 lines, 15 frames a second, 500 kb/s')],
    ['standard', msg('Standard: 720 lines, 30 frames a second, 1,800 kb/s')],
    ['detail', msg('Detail: 1080 lines, 15 frames a second, 2,500 kb/s, sharpness first')],
    ['own', msg('Numbers of your own')],
  ];
  const chosen = own ? 'own' : (profile ?? '');
  const choose = (value: string) =>
    host.change(name, value === 'own' ? { ...VIDEO_PROFILES.standard } : value || null);
  return html`<div class="field wide">
      <label for=${name}>${label}</label>
      <select
        id=${name}
        @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
      >
        ${options.map(
          ([value, text]) =>
            html`<option value=${value} .selected=${live(value === chosen)}>${text}</option>`,
        )}
      </select>
      ${own ? nothing : below(host, name)}
    </div>
    ${own ? numbers(host, name, label, profile) : nothing}`;
}

function numbers(host: FieldHost, name: ProfileName, label: string, profile: VideoProfile) {
  const change = (part: Partial<VideoProfile>) => host.change(name, { ...profile, ...part });
  const labels: Readonly<Record<Part, string>> = {
    height: msg('Lines'),
    frameRate: msg('Frames a second'),
    bitrate: msg('Bitrate (kb/s)'),
  };
  return html`<div class="fields" role="group" aria-label=${label}>
      ${(Object.keys(BOUNDS) as Part[]).map(
        (part) =>
          html`<div class="field">
            <label for="${name}-${part}">${labels[part]}</label>
            <input
              id="${name}-${part}"
              type="number"
              inputmode="numeric"
              min=${BOUNDS[part][0]}
              max=${BOUNDS[part][1]}
              .value=${live(String(profile[part]))}
              @input=${(event: Event) =>
                change({ [part]: (event.target as HTMLInputElement).valueAsNumber })}
            />
          </div>`,
      )}
      <div class="field">
        <label for="${name}-prefer">${msg('On a weak network, keep')}</label>
        <select
          id="${name}-prefer"
          @change=${(event: Event) => {
            const { value } = event.target as HTMLSelectElement;
            change({ prefer: value as VideoProfile['prefer'] });
          }}
        >
          ${(
            [
              ['motion', msg('smooth motion')],
              ['sharpness', msg('a sharp picture')],
            ] as const
          ).map(
            ([value, text]) =>
              html`<option value=${value} .selected=${live(value === profile.prefer)}>
                ${text}
              </option>`,
          )}
        </select>
      </div>
    </div>
    ${below(host, name)}`;
}

/** What is wrong with a profile; '' for nothing. */
export function mediaProfileProblem(profile: MediaProfile | null): string {
  if (profile === null || typeof profile !== 'object') return '';
  for (const [part, [min, max]] of Object.entries(BOUNDS)) {
    const value = profile[part as Part];
    if (Number.isInteger(value) && value >= min && value <= max) continue;
    if (part === 'height') return msg(str`Lines: enter a whole number from ${min} to ${max}.`);
    if (part === 'bitrate') return msg(str`Bitrate: enter a whole number from ${min} to ${max}.`);
    return msg(str`Frames a second: enter a whole number from ${min} to ${max}.`);
  }
  return '';
}
