import { expect } from '@open-wc/testing';
import '../../src/elements/video-call-button/define.ts';
import { addButtonOfScriptTag } from '../../src/embed/script-tag.ts';

const SCRIPT = 'https://desk.example.com/rtc-desk.js';

/** A tag that names a site. Its type keeps it from running. */
function paste(attributes: Record<string, string>, src = SCRIPT): void {
  const tag = document.createElement('script');
  tag.type = 'text/plain';
  tag.src = src;
  for (const [name, value] of Object.entries(attributes)) tag.setAttribute(`data-${name}`, value);
  document.body.append(tag);
}

const buttons = () => [...document.querySelectorAll('video-call-button')];

describe('the pasted script tag', () => {
  afterEach(() => {
    for (const one of document.querySelectorAll('video-call-button, script[data-site]'))
      one.remove();
  });

  it('adds a floating button with the attributes of the tag', () => {
    paste({
      site: 'demo',
      skill: 'pre-sales',
      label: 'Ask us',
      'visitor-name': 'Ada',
      lang: 'zh-CN',
    });
    addButtonOfScriptTag(SCRIPT);
    const [button] = buttons();
    expect(button).to.include({
      site: 'demo',
      skill: 'pre-sales',
      label: 'Ask us',
      visitorName: 'Ada',
      lang: 'zh-CN',
      placement: 'bottom-end',
    });
    expect(getComputedStyle(button!).position).to.equal('fixed');
  });

  it('adds one button if the tag is there twice', () => {
    paste({ site: 'demo' });
    paste({ site: 'demo' });
    addButtonOfScriptTag(SCRIPT);
    addButtonOfScriptTag(SCRIPT);
    expect(buttons()).to.have.length(1);
  });

  it('adds none for a tag without a site, or for another script', () => {
    paste({});
    paste({ site: 'demo' }, 'https://elsewhere.example.com/rtc-desk.js');
    addButtonOfScriptTag(SCRIPT);
    expect(buttons()).to.have.length(0);
  });
});
