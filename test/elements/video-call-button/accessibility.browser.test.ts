import { expect, waitUntil } from '@open-wc/testing';
import { mountButton } from './mount-button.ts';

describe('the accessibility of <video-call-button>', () => {
  it('has the names and roles of the contract', async () => {
    const mounted = await mountButton();
    const button = mounted.button.renderRoot.querySelector('button')!;
    expect(button.textContent).to.equal('Video call');
    mounted.press();
    await mounted.settled();
    mounted.call.update({ state: 'queued', callId: 'c', position: 2 });
    await mounted.settled();
    expect(mounted.dialog().ariaLabel).to.equal('Video support');
    const status = mounted.find('[role=status]');
    expect(status.textContent).to.equal('You are number 2 in line');
    expect(mounted.control('Cancel').checkVisibility()).to.equal(true);
  });

  it('speaks Chinese, the button included', async () => {
    const mounted = await mountButton({ lang: 'zh-CN' });
    expect(mounted.button.renderRoot.querySelector('button')!.textContent).to.equal('视频通话');
    mounted.press();
    await mounted.settled();
    await waitUntil(() => mounted.dialog().ariaLabel !== 'Video support', 'still English');
  });

  it('moves the focus into the panel and back', async () => {
    const mounted = await mountButton();
    mounted.button.focus();
    mounted.press();
    await mounted.settled();
    expect(mounted.panel().shadowRoot!.activeElement).to.not.equal(null);
    // A frame of another origin blocks it.
    expect(mounted.dialog().querySelector('[autofocus]')).to.equal(null);
    mounted.control('Cancel').click();
    await waitUntil(
      () => mounted.button.shadowRoot!.activeElement?.localName === 'button',
      'the focus did not come back',
    );
  });
});
