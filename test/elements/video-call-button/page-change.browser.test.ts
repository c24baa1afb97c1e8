import { expect, waitUntil } from '@open-wc/testing';
import type { VideoCallButton } from '../../../src/elements/video-call-button/video-call-button.ts';
import { mountButton, type Mounted } from './mount-button.ts';

/** Where the panel stands: in a button, or in the page. */
const placeOf = (mounted: Mounted) => (mounted.panel().getRootNode() as ShadowRoot).host;
const isInPage = (mounted: Mounted) => (placeOf(mounted) as HTMLElement).dataset.rtcCall === '';

/** Removes the button, and waits until its call has noticed it. */
async function remove(button: VideoCallButton): Promise<void> {
  button.remove();
  await Promise.resolve();
  await Promise.resolve();
}

describe('a call of <video-call-button> when the page changes', () => {
  it('goes on over the page where its button is gone, and tells its events there', async () => {
    const mounted = await mountButton();
    await mounted.inRoom();
    await remove(mounted.button);
    await mounted.settled();
    expect(isInPage(mounted)).to.equal(true);
    expect(mounted.dialog().matches(':modal')).to.equal(true);
    expect(mounted.call.asked).not.to.include('hangUp');
    const ended: string[] = [];
    const listen = ({ detail }: DocumentEventMap['call-ended']) => void ended.push(detail.reason);
    document.addEventListener('call-ended', listen, { once: true });
    mounted.call.update({ state: 'ended', ended: { reason: 'agent-ended', at: 0, seconds: 9 } });
    expect(ended).to.deep.equal(['agent-ended']);
  });

  it('goes on in the site’s next button', async () => {
    const first = await mountButton();
    await first.inRoom();
    await remove(first.button);
    const other = await mountButton({ site: 'another' });
    expect(other.button.state).to.equal('idle');
    const next = await mountButton();
    expect(next.button.state).to.equal('connected');
    expect(next.button.room).to.equal(first.button.room);
    expect(placeOf(first)).to.equal(next.button);
    await next.button.hangUp();
    expect(next.button.state).to.equal('ended');
    expect(next.told.at(-1)).to.match(/^call-ended .*visitor-ended/);
  });

  it('goes on in another button of the site that is there already', async () => {
    const first = await mountButton();
    const second = await mountButton();
    await first.inRoom();
    await remove(first.button);
    expect(placeOf(first)).to.equal(second.button);
    expect([first.button.state, second.button.state]).to.deep.equal(['idle', 'connected']);
  });

  it('comes back to its button when that is inserted again', async () => {
    const mounted = await mountButton();
    await mounted.inRoom();
    const place = mounted.button.parentElement!;
    await remove(mounted.button);
    expect(mounted.button.state).to.equal('idle');
    place.append(mounted.button);
    expect(placeOf(mounted)).to.equal(mounted.button);
    expect(mounted.button.state).to.equal('connected');
  });

  it('stays where its button is moved, and leaves with it where there is no call', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    const elsewhere = document.createElement('section');
    mounted.button.parentElement!.append(elsewhere);
    elsewhere.append(mounted.button);
    await mounted.settled();
    expect(placeOf(mounted)).to.equal(mounted.button);
    expect(mounted.dialog().matches(':modal')).to.equal(true);
    mounted.call.update({ state: 'ended', ended: { reason: 'agent-ended', at: 0, seconds: 9 } });
    const panel = mounted.panel();
    await remove(mounted.button);
    expect(panel.isConnected).to.equal(false);
  });

  it('goes on where its button is given another site', async () => {
    const mounted = await mountButton();
    await mounted.inRoom();
    mounted.button.site = 'another';
    await mounted.button.updateComplete;
    expect(mounted.call.asked).not.to.include('hangUp');
    expect(mounted.button.state).to.equal('idle');
    expect(mounted.button.room).to.equal(null);
    await waitUntil(() => mounted.dialog().matches(':modal'), 'the call is not shown');
  });

  it('is shown by a press of another button of the site, which makes no second one', async () => {
    const first = await mountButton();
    first.press();
    await first.settled();
    first.dialog().requestClose();
    await waitUntil(() => !first.dialog().open, 'not minimised');
    const second = await mountButton();
    second.press();
    await waitUntil(() => first.dialog().matches(':modal'), 'the call is not shown');
    expect(second.call.asked).to.deep.equal([]);
    expect(first.call.asked.filter((what) => what === 'start')).to.have.length(1);
  });

  it('is shown over the page where its button is not displayed', async () => {
    const mounted = await mountButton();
    mounted.button.hidden = true;
    await mounted.button.call();
    await mounted.settled();
    expect(isInPage(mounted)).to.equal(true);
    await waitUntil(() => mounted.dialog().matches(':modal'), 'the panel is not shown');
    expect(mounted.dialog().checkVisibility()).to.equal(true);
    expect(mounted.button.state).to.equal('queued');
  });
});
