import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { StepOf } from '../../../protocol/flow.ts';
import { textField } from '../../parts/fields.ts';
import { textOf } from '../step-texts.ts';
import {
  entriesField,
  oneField,
  replaced,
  textsFields,
  titleAndText,
  withSetting,
  type StepFormHost,
} from './step-form-host.ts';

const MAX_LINKS = 5;

export function messageForm(host: StepFormHost<StepOf<'message'>>): TemplateResult {
  const { step, change } = host;
  const { links = [] } = step;
  const setLink = (index: number, link: (typeof links)[number], field: string): void =>
    change({ ...step, links: replaced(links, index, link) }, field);
  return html`${titleAndText(host, 'text')}
  ${entriesField({
    legend: msg('Links'),
    entries: links,
    most: MAX_LINKS,
    addLabel: msg('Add link'),
    nameOf: ({ label }, index) => textOf(label) || msg(str`Link ${index + 1}`),
    add: () => ({ label: { en: 'Read more', 'zh-CN': '了解更多' }, url: 'https://' }),
    change: (changed) => change(withSetting(step, 'links', changed.length > 0 ? changed : null)),
    render: (link, index) =>
      html`${textsFields({
        name: `link-${index}`,
        label: msg(str`Link ${index + 1}`),
        texts: link.label,
        change: (label, language) =>
          setLink(index, { ...link, label }, `link ${index} ${language}`),
      })}
      ${textField(
        oneField(`link-${index}-url`, link.url, (url) =>
          setLink(index, { ...link, url: String(url).trim() }, `link ${index} url`),
        ),
        {
          name: `link-${index}-url`,
          label: msg(str`Address of link ${index + 1}`),
          maxLength: 1_000,
        },
      )}`,
  })}`;
}
