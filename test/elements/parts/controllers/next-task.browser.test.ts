import { expect } from '@open-wc/testing';
import { nextTask } from '../../../../src/elements/parts/controllers/store-controller.ts';
import { announceUrgentWork } from '../../../../src/platform/urgent-work.ts';

describe('the task in which a call is rendered', () => {
  it('comes after the work that was announced before it, and after that alone', async () => {
    const done: string[] = [];
    let finish = (): void => {};
    announceUrgentWork(new Promise<void>((resolve) => (finish = resolve)));
    const rendered = nextTask().then(() => done.push('render'));
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => setTimeout(resolve));
    expect(done).to.deep.equal([]);
    done.push('answer');
    finish();
    await rendered;
    expect(done).to.deep.equal(['answer', 'render']);
    await nextTask();
  });
});
