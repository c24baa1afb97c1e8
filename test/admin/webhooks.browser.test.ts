import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { Webhook, WebhookDelivery } from '../../src/protocol/rest/webhooks.ts';
import { refuse, type FakeRest } from '../support/fake-rest.ts';
import { OpenConsole, textOf, until } from '../support/open-console.ts';

const ID = '00000000-0000-4000-9000-000000000001';
const webhook: Webhook = {
  id: ID,
  url: 'https://hooks.example.com/desk',
  description: 'CRM',
  types: ['call.ended'],
  enabled: true,
  disabledReason: null,
  secretVersion: 1,
  previousSecretUntil: null,
  createdAt: Date.UTC(2026, 10, 30),
  waiting: 0,
  failed: 1,
};
const delivery: WebhookDelivery = {
  event: 7,
  webhookId: 'evt_1',
  type: 'call.ended',
  callId: null,
  at: Date.UTC(2026, 10, 30, 9),
  state: 'failed',
  attempts: 10,
  attemptedAt: Date.UTC(2026, 10, 30, 10),
  nextAttemptAt: null,
  status: 500,
  error: null,
  answer: 'out of order',
};

describe('the webhooks in the console', () => {
  let open: OpenConsole;
  let stored: Webhook;

  before(() => setViewport({ width: 1280, height: 800 }));
  beforeEach(() => {
    stored = webhook;
  });
  afterEach(() => open.close());

  const prepare = ({ answers }: FakeRest) => {
    const read = () => ({ status: 200, body: stored, etag: '"1"' });
    answers.set('GET /webhooks', () => ({ status: 200, body: { items: [stored], cursor: null } }));
    answers.set(`GET /webhooks/${ID}`, read);
    answers.set(`PATCH /webhooks/${ID}`, ({ body }) => {
      stored = { ...stored, ...(body as Partial<Webhook>) };
      return read();
    });
    answers.set('POST /webhooks', () => ({
      status: 201,
      body: { webhook: stored, secret: 'whsec_once' },
    }));
    answers.set(`POST /webhooks/${ID}/test`, () => ({ status: 202, body: { event: 8 } }));
    answers.set(`GET /webhooks/${ID}/deliveries`, () => ({
      status: 200,
      body: { items: [delivery], cursor: null },
    }));
    answers.set(`POST /webhooks/${ID}/deliveries/7/again`, () => refuse(409, 'conflict'));
  };
  const at = async (path: string) => {
    open = await OpenConsole.at(path, { prepare });
  };
  const last = (method: string) => open.rest.requests.filter((one) => one.method === method).at(-1);

  it('are listed with what waits and failed, and say that a receiver wanted no more', async () => {
    stored = { ...webhook, enabled: false, disabledReason: 'gone' };
    await at('/admin/webhooks');
    await open.says('Off: it answered 410');
    expect(open.all('tbody tr').map(textOf).join()).to.contain('1 failed');
    await expect(await open.shows('table')).to.be.accessible();
  });

  it('are made with the events that were chosen, and show the secret once', async () => {
    await at('/admin/webhooks/new');
    await open.enter('Address', 'http://hooks.example.com');
    await open.press('Create');
    await open.says('Enter an address that begins with https://');
    await open.enter('Address', webhook.url);
    (await open.shows<HTMLInputElement>('#all-types')).click();
    (await open.shows<HTMLInputElement>('input[id="flow.published"]')).click();
    await open.press('Create');
    await open.says('whsec_once');
    await open.press('Done');
    await until('the page of the webhook', () => location.pathname === `/admin/webhooks/${ID}`);
    expect(open.text).not.to.contain('whsec_once');
    expect(last('POST')?.body).to.deep.include({ url: webhook.url, types: ['flow.published'] });
  });

  it('are switched off under the version that was read, and tested', async () => {
    await at(`/admin/webhooks/${ID}`);
    await open.press('Send a test');
    await open.says('The test is being sent.');
    (await open.field('On')).click();
    await open.press('Save');
    await open.says('Saved.');
    expect(last('PATCH')).to.deep.include({ ifMatch: '"1"', body: { enabled: false } });
  });

  it('show each delivery with its answer, and why it is not sent again', async () => {
    await at(`/admin/webhooks/${ID}/deliveries`);
    await open.says('500: out of order');
    const button = await open.shows('tbody wa-button');
    expect(textOf(button)).to.contain('Send again');
    button.click();
    await open.says('This contradicts something that exists.');
    expect(last('POST')?.path).to.equal(`/webhooks/${ID}/deliveries/7/again`);
    await expect(await open.shows('table')).to.be.accessible();
  });
});
