import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { Report, ReportFigures, ReportRow } from '../../../src/protocol/rest/reports.ts';
import { useChartStyles } from '../../../src/admin/pages/reports/report-chart.ts';
import { refuse, type FakeRest } from '../../support/fake-rest.ts';
import { OpenConsole, textOf, until, type ConsoleOptions } from '../../support/open-console.ts';

useChartStyles('/node_modules/uplot/dist/uPlot.min.css');

const figures = (offered: number): ReportFigures => ({
  calls: offered,
  offered,
  answered: offered - 2,
  answeredInTime: offered - 3,
  abandoned: 2,
  abandonedEarly: 1,
  serviceLevel: 0.875,
  abandonment: 2 / offered,
  averageWait: 12.3,
  medianWait: 9.5,
  p90Wait: 31,
  averageAbandonedWait: 40,
  longestWait: 75,
  rings: offered,
  missed: 1,
  declined: 0,
  handled: offered - 2,
  talk: 3_600,
  wrapUp: 300,
  averageTalk: 450,
  averageHandling: 487.5,
  medianHandling: 430,
  p90Handling: 800,
});

const row = (key: string | null, offered: number, change: Partial<ReportRow> = {}): ReportRow => ({
  start: '2026-03-23',
  key,
  name: null,
  label: null,
  ...figures(offered),
  ...change,
});

const report = (rows: readonly ReportRow[], change: Partial<Report> = {}): Report => ({
  from: '2026-03-23',
  to: '2026-03-29',
  timeZone: 'Europe/Berlin',
  by: 'group',
  interval: null,
  rows,
  total: figures(30),
  ...change,
});

const byGroup = report([
  row('after-sales', 20, { name: 'After sales' }),
  row('pre-sales', 10, { name: 'Pre-sales' }),
]);

const RANGE = '/admin/reports?period=range&from=2026-03-23&to=2026-03-29';

describe('the reports of the console', () => {
  let open: OpenConsole;

  before(() => setViewport({ width: 1280, height: 800 }));
  afterEach(() => open.close());

  const at = (path: string, body: Report, options: ConsoleOptions = {}) =>
    OpenConsole.at(path, {
      ...options,
      prepare: (rest: FakeRest) => rest.answers.set('GET /reports', () => ({ status: 200, body })),
    });
  const cells = () => open.all('.list tbody tr').map((tr) => [...tr.children].map(textOf));
  const charts = () =>
    until('drawn charts', () => {
      const found = open.all('rtc-report-chart');
      const drawn = found.filter((chart) => chart.shadowRoot?.querySelector('canvas'));
      return found.length > 0 && drawn.length === found.length && found;
    });
  const asked = () =>
    open.rest.requests
      .filter(({ path }) => path === '/reports')
      .at(-1)
      ?.query.toString();

  it('shows the figures as a table, with the total, below charts of them', async () => {
    open = await at(RANGE, byGroup);
    const found = await charts();
    expect(found.map((chart) => textOf(chart.shadowRoot!.querySelector('h2')!))).to.deep.equal([
      'Volumes',
      'Service level and abandonment',
      'Waits',
      'Talk and handling',
    ]);
    expect(cells().map((line) => line.slice(0, 6))).to.deep.equal([
      ['After sales', '20', '20', '18', '2', '87.5%'],
      ['Pre-sales', '10', '10', '8', '2', '87.5%'],
      ['Total', '30', '30', '28', '2', '87.5%'],
    ]);
    expect(asked()).to.equal('from=2026-03-23&to=2026-03-29&by=group');
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const lang of ['en', 'zh-CN'] as const) {
      it(`is accessible, ${theme}, in ${lang}`, async () => {
        open = await at(RANGE, byGroup, { theme, lang });
        await charts();
        await expect(await open.shows('rtc-reports-page')).to.be.accessible();
      });
    }
  }

  it('is accessible on a phone, and no wider than it', async () => {
    await setViewport({ width: 390, height: 844 });
    open = await at(RANGE, byGroup);
    await charts();
    await expect(await open.shows('rtc-reports-page')).to.be.accessible();
    expect(document.documentElement.scrollWidth).to.be.at.most(390);
    await setViewport({ width: 1280, height: 800 });
  });

  it('draws again in the colours of the other theme', async () => {
    open = await at(RANGE, byGroup);
    const [chart] = await charts();
    const canvas = chart!.shadowRoot!.querySelector('canvas');
    document.documentElement.classList.replace('wa-light', 'wa-dark');
    await until('another drawing', () => {
      const now = chart!.shadowRoot!.querySelector('canvas');
      return now && now !== canvas;
    });
  });

  it('has its filters in the address, and asks the server for them', async () => {
    open = await at(RANGE, byGroup);
    await charts();
    await open.enter('By', 'agent');
    await until('the address', () => location.search.includes('by=agent'));
    await open.enter('Over time', 'day');
    await open.enter('Skill group', 'pre-sales');
    const query = 'from=2026-03-23&to=2026-03-29&by=agent&interval=day&group=pre-sales';
    await until('the request', () => asked() === query);
    const csv = await open.shows('wa-button[download]');
    expect(csv.getAttribute('href')).to.equal(`/api/v1/reports?${query}&format=csv`);
    history.back();
    await until('the request before', () => asked() === query.replace('&group=pre-sales', ''));
  });

  it('goes from month to month', async () => {
    open = await at('/admin/reports?period=month&day=2026-03-01', byGroup);
    await charts();
    await open.press('Before');
    await until('February', () => asked()?.startsWith('from=2026-02-01&to=2026-02-28'));
    await open.says('Feb 1, 2026');
    await open.press('After');
    await until('March', () => asked()?.startsWith('from=2026-03-01&to=2026-03-31'));
  });

  it('shows agents, hours and dispositions by their names', async () => {
    open = await at(`${RANGE}&by=agent`, report([row('a', 9, { name: 'Alice' })], { by: 'agent' }));
    await charts();
    expect(cells()[0]?.slice(0, 3)).to.deep.equal(['Alice', '7', '7']);
    open.close();
    open = await at(`${RANGE}&by=hour`, report([row('9', 9), row('11', 4)], { by: 'hour' }));
    await charts();
    expect(cells().map(([first]) => first)).to.deep.equal(['09:00–10:00', '11:00–12:00', 'Total']);
    open.close();
    const label = { en: 'Solved', 'zh-CN': '已解决' };
    const outcomes = report([row('solved', 9, { label }), row(null, 4)], { by: 'disposition' });
    open = await at(`${RANGE}&by=disposition`, outcomes, { lang: 'zh-CN' });
    await charts();
    expect(cells().map(([first]) => first)).to.deep.equal(['已解决', '无小结分类', '合计']);
  });

  it('has a line of the table for each day, and lines over time', async () => {
    const rows = [
      row('after-sales', 20, { name: 'After sales' }),
      row('after-sales', 10, { name: 'After sales', start: '2026-03-25' }),
    ];
    open = await at(`${RANGE}&interval=day`, report(rows, { interval: 'day' }));
    const [first] = await charts();
    expect(textOf(first!.shadowRoot!.querySelector('h2')!)).to.equal('Offered');
    expect(cells().map((line) => line.slice(0, 3))).to.deep.equal([
      ['After sales', 'Mar 23, 2026', '20'],
      ['After sales', 'Mar 25, 2026', '10'],
      ['Total', '', '30'],
    ]);
  });

  it('says so if there were no calls, and why it could not be read', async () => {
    open = await at(RANGE, report([]));
    await open.says('No calls in this time');
    await expect(await open.shows('rtc-reports-page')).to.be.accessible();
    open.close();
    open = await OpenConsole.at(RANGE, {
      prepare: (rest) => rest.answers.set('GET /reports', () => refuse(0, 'offline')),
    });
    await open.says('The server cannot be reached.');
    open.rest.answers.set('GET /reports', () => ({ status: 200, body: byGroup }));
    await open.press('Try again');
    await charts();
  });
});
