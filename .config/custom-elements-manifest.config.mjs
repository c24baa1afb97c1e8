/** The manifest of the elements: what their JSDoc says, without what is theirs alone. */
const isPublic = ({ privacy, name }) =>
  (privacy ?? 'public') === 'public' && !name?.startsWith('#');

/** The analyzer takes an inner state for an attribute, and what is given to an event's constructor for its name. */
const withoutInnerParts = {
  name: 'without-inner-parts',
  packageLinkPhase({ customElementsManifest }) {
    for (const { declarations = [] } of customElementsManifest.modules) {
      for (const declaration of declarations.filter(({ customElement }) => customElement)) {
        const { members = [], attributes = [], events = [] } = declaration;
        const inner = members.filter((member) => !isPublic(member)).map(({ name }) => name);
        declaration.members = members.filter(isPublic);
        declaration.attributes = attributes.filter(({ fieldName }) => !inner.includes(fieldName));
        declaration.events = events.filter(({ name, description }) => name && description);
      }
    }
  },
};

export default {
  globs: ['src/elements/**/*.ts'],
  exclude: ['src/elements/**/define.ts'],
  outdir: 'dist',
  litelement: true,
  plugins: [withoutInnerParts],
};
