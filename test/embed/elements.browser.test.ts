import { expect } from '@open-wc/testing';
import { AgentDesk, CallRoom, CallTest, VideoCallButton } from '../../src/embed/elements.ts';

describe('the classes of the elements', () => {
  it('are imported without registering an element', () => {
    for (const tag of ['video-call-button', 'call-room', 'agent-desk', 'call-test']) {
      expect(customElements.get(tag), tag).to.equal(undefined);
    }
    for (const element of [AgentDesk, CallRoom, CallTest, VideoCallButton]) {
      expect(element.prototype).to.be.instanceOf(HTMLElement);
    }
  });

  it('can be registered under a name of one’s own, with a server of one’s own', () => {
    class HelpButton extends VideoCallButton {
      override site = 'acme';
      override label = 'Help';
      override server = 'https://desk.example.com';
    }
    customElements.define('help-button', HelpButton);
    const button = document.createElement('help-button') as HelpButton;
    document.body.append(button);
    expect(button.serverAddress).to.equal('https://desk.example.com/');
    expect(button.shadowRoot!.querySelector('button')).to.not.equal(null);
    button.remove();
  });
});
