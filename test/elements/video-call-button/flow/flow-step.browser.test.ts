import { expect, waitUntil } from '@open-wc/testing';
import type { FlowStepView } from '../../../../src/protocol/flow-step-view.ts';
import type { FlowStepElement } from '../../../../src/elements/video-call-button/flow/flow-step.ts';
import { mountButton, type Mounted } from '../mount-button.ts';

const menu: FlowStepView = {
  type: 'menu',
  node: 'm',
  back: false,
  title: 'What is it about?',
  options: [
    { id: 'product', label: 'Product question' },
    { id: 'fault', label: 'Report a fault' },
  ],
};
const form: FlowStepView = {
  type: 'form',
  node: 'f',
  back: true,
  title: 'About the fault',
  text: 'So that we can help sooner.',
  optional: true,
  fields: [
    { id: 'email', label: 'E-mail', type: 'email', required: true },
    { id: 'since', label: 'Since', type: 'date', required: false },
    {
      id: 'where',
      label: 'Where',
      type: 'choice',
      required: false,
      options: [{ id: 'home', label: 'At home' }],
      value: 'home',
    },
  ],
};
const STEPS: readonly FlowStepView[] = [
  menu,
  form,
  {
    type: 'message',
    node: 'w',
    back: true,
    text: 'Our network has a fault.',
    links: [{ label: 'Status page', url: 'https://status.example.com/' }],
  },
  { type: 'leave-message', node: 'l', back: false },
  { type: 'callback', node: 'c', back: false },
  { type: 'wait', node: 'r', back: false },
];

/** A call that stands at this step, with the step's element loaded and shown. */
async function standing(
  step: FlowStepView,
  attributes: Record<string, string> = {},
): Promise<{ mounted: Mounted; element: FlowStepElement }> {
  const mounted = await mountButton(attributes);
  mounted.press();
  await mounted.settled();
  mounted.call.update({ state: 'choosing', callId: 'c', step });
  await mounted.settled();
  const shown = () => mounted.panel().renderRoot.querySelector('rtc-flow-step');
  await waitUntil(shown, 'not loaded', { timeout: 15_000 });
  await mounted.settled();
  const element = mounted.find<FlowStepElement>('rtc-flow-step');
  await element.updateComplete;
  return { mounted, element };
}

const buttonOf = (element: FlowStepElement, name: string): HTMLButtonElement => {
  const buttons = [...element.renderRoot.querySelectorAll('button')];
  return buttons.find((one) => one.textContent.trim() === name)!;
};

describe('a step of a flow in the panel', () => {
  for (const lang of ['en', 'zh-CN'] as const) {
    it(`is accessible, ${lang}`, async () => {
      const theme = lang === 'en' ? 'light' : 'dark';
      const { mounted, element } = await standing(menu, { lang, theme });
      for (const step of STEPS) {
        mounted.call.update({ step });
        await mounted.settled();
        await element.updateComplete;
        await expect(mounted.button).to.be.accessible();
      }
    });
  }

  it('shows a menu as a group with its title and a button for each option', async () => {
    const { mounted, element } = await standing(menu);
    const group = element.renderRoot.querySelector('[role="group"]')!;
    const title = element.renderRoot.querySelector(`#${group.getAttribute('aria-labelledby')}`)!;
    expect(title.textContent).to.equal('What is it about?');
    expect(mounted.button.state).to.equal('choosing');
    expect(mounted.told).to.include('call-choosing {"callId":"c","node":"m"}');
    buttonOf(element, 'Report a fault').click();
    buttonOf(element, 'Product question').click();
    expect(mounted.call.asked.at(-1)).to.equal('answer(m, "fault")', 'one answer for one step');
  });

  it('moves the focus to the title of the next step, and goes back', async () => {
    const { mounted, element } = await standing(menu);
    mounted.call.update({ step: form });
    await mounted.settled();
    await element.updateComplete;
    const { activeElement } = element.shadowRoot!;
    expect(activeElement?.textContent).to.equal('About the fault');
    buttonOf(element, 'Back').click();
    expect(mounted.call.asked.at(-1)).to.equal('answer(f, null)');
  });

  it('names what is wrong with a form, and sends its fields', async () => {
    const { mounted, element } = await standing(form);
    const email = element.renderRoot.querySelector<HTMLInputElement>('[name="email"]')!;
    email.value = 'nobody';
    buttonOf(element, 'Continue').click();
    await element.updateComplete;
    const about = element.renderRoot.querySelector(`#${email.getAttribute('aria-describedby')}`);
    expect(about?.textContent).to.equal('Please enter an e-mail address.');
    expect(email.getAttribute('aria-invalid')).to.equal('true');
    expect(mounted.call.asked.at(-1)).to.equal('start');
    email.value = 'mei@example.com';
    buttonOf(element, 'Continue').click();
    expect(mounted.call.asked.at(-1)).to.equal(
      'answer(f, {"email":"mei@example.com","since":"","where":"home"})',
    );
  });

  it('tells why an answer was refused, and takes another one', async () => {
    const { mounted, element } = await standing(menu);
    mounted.call.refuse = 'flow-changed';
    buttonOf(element, 'Report a fault').click();
    await waitUntil(() => element.renderRoot.querySelector('[role="alert"]'), 'not told');
    mounted.call.refuse = null;
    buttonOf(element, 'Product question').click();
    expect(mounted.call.asked.at(-1)).to.equal('answer(m, "product")');
  });

  it('gives way to the queue', async () => {
    const { mounted } = await standing(menu);
    mounted.call.update({ state: 'queued', step: null, position: 1 });
    await mounted.settled();
    expect(mounted.panel().renderRoot.querySelector('rtc-flow-step')).to.equal(null);
    expect(mounted.find('[role="status"]').textContent).to.equal('You are number 1 in line');
  });
});
