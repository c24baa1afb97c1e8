import { expect } from '@open-wc/testing';

describe('video-call-button on a page that registers subclasses of all elements', () => {
  const { define } = customElements;
  before(() => {
    customElements.define = (name, element, options) => {
      define.call(customElements, name, class extends element {}, options);
    };
  });
  after(() => {
    customElements.define = define;
  });

  it('makes its panel', async () => {
    await import('../../../src/elements/video-call-button/define.ts');
    const button = document.createElement('video-call-button');
    button.site = 'demo';
    document.body.append(button);
    try {
      const { ButtonCall } = await button.loadCall();
      new ButtonCall(button);
      expect(button.renderRoot.querySelector('rtc-call-panel')).to.not.equal(null);
    } finally {
      button.remove();
    }
  });
});
