/** Ids are in addresses and cannot be changed, so that they have a narrow alphabet. */
export const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** An id made of a name; '' if the name has no Latin letter or digit. */
export const suggestId = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
