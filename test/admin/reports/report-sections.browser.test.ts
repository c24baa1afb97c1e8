import { expect } from '@open-wc/testing';
import type { RatingReport } from '../../../src/protocol/rest/rating-report.ts';
import type { StepReport } from '../../../src/protocol/rest/step-report.ts';
import { OpenConsole, textOf, until } from '../../support/open-console.ts';

const ratings: RatingReport = {
  rows: [
    { key: 'after-sales', name: 'After sales', ratings: 3, average: 4 },
    { key: null, name: null, ratings: 1, average: 1 },
  ],
  total: { ratings: 4, average: 3.25 },
};

const steps: StepReport = {
  steps: [
    { step: 'total', calls: 4, median: 4_210, p90: 12_000, p99: 61_500 },
    { step: 'press', calls: 0, median: null, p90: null, p99: null },
  ],
  setup: [
    { below: 500, calls: 1 },
    { below: 1_000, calls: 3 },
    { below: null, calls: 0 },
  ],
};

describe('below the figures of the reports', () => {
  let open: OpenConsole;
  afterEach(() => open.close());

  const at = (bodies: { ratings?: RatingReport; steps?: StepReport }) =>
    OpenConsole.at('/admin/reports?group=after-sales', {
      prepare: (rest) => {
        for (const [name, body] of Object.entries(bodies)) {
          rest.answers.set(`GET /reports/${name}`, () => ({ status: 200, body }));
        }
      },
    });
  const cells = () => open.all('.list tbody tr').map((tr) => [...tr.children].map(textOf));

  it('stand the ratings by group, agent or day', async () => {
    open = await at({ ratings });
    await open.says('Average of 5');
    expect(cells()).to.deep.equal([
      ['After sales', '3', '4.0'],
      ['–', '1', '1.0'],
      ['Total', '4', '3.3'],
    ]);
    await expect(await open.shows('rtc-report-ratings')).to.be.accessible();
    await open.enter('Ratings by', 'agent');
    const asked = () =>
      open.rest.requests.filter(({ path }) => path === '/reports/ratings').at(-1)?.query;
    await until('the ratings by agent', () => asked()?.get('by') === 'agent');
    expect(asked()?.get('group')).to.equal('after-sales');
  });

  it('stand the steps to the first picture, and how the calls are distributed', async () => {
    open = await at({ steps });
    await open.says('From the press to the first picture');
    expect(cells()).to.deep.equal([
      ['Press to first picture', '4', '4.21 s', '12 s', '61.5 s'],
      ['Press to request', '0', '–', '–', '–'],
    ]);
    expect(open.text).to.contain('Below 0.5 s');
    expect(open.text).to.contain('1 s and more');
    await expect(await open.shows('rtc-report-steps')).to.be.accessible();
  });

  it('stands nothing where there are none', async () => {
    open = await at({});
    await until('the answers', () =>
      open.rest.requests.some(({ path }) => path === '/reports/steps'),
    );
    expect(open.text).not.to.contain('Average of 5');
    expect(open.text).not.to.contain('From the press');
  });
});
