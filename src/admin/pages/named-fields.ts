import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { textField, type FieldHost } from '../parts/fields.ts';
import { ID_PATTERN, suggestId } from '../parts/suggest-id.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Name and id of a thing. While it is new, the id follows the name until the person writes an id. */
export function namedFields(
  host: FieldHost & { readonly value: Named & FieldHost['value']; readonly key: string | null },
): TemplateResult {
  const isNew = host.key === null;
  const { id, name } = host.value;
  const named: FieldHost = {
    value: host.value,
    problems: host.problems,
    change(field, value) {
      const follows = isNew && field === 'name' && id === suggestId(name);
      host.change(field, value);
      if (follows) host.change('id', suggestId(String(value)));
    },
  };
  return html`${textField(named, { name: 'name', label: msg('Name'), maxLength: 80 })}
  ${textField(named, {
    name: 'id',
    label: msg('Short name'),
    maxLength: 63,
    disabled: !isNew,
    hint: isNew
      ? msg('For addresses and programs: a to z, 0 to 9 and hyphens. It cannot be changed later.')
      : msg('For addresses and programs. It cannot be changed.'),
  })}`;
}

export function checkNamed({ id, name }: Named): Record<string, string> {
  return {
    ...(name.trim() === '' && { name: msg('Enter a name.') }),
    ...(!ID_PATTERN.test(id) && {
      id: msg('Enter a short name of the letters a to z, digits and hyphens.'),
    }),
  };
}
