import type { RouteConfig } from '@lit-labs/router';
import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { agentList } from '../pages/agents/agent-list.ts';
import { apiKeyList } from '../pages/api-keys/api-key-list.ts';
import { auditList } from '../pages/audit/audit-list.ts';
import { callList } from '../pages/calls/call-list.ts';
import { cannedReplyList } from '../pages/canned-replies/canned-reply-list.ts';
import { flowList } from '../pages/flows/flow-list.ts';
import { followUpList } from '../pages/follow-ups/follow-up-list.ts';
import { hoursList } from '../pages/hours/hours-list.ts';
import { recordingList } from '../pages/recordings/recording-list.ts';
import { skillGroupList } from '../pages/skill-groups/skill-group-list.ts';
import { deliveryList } from '../pages/webhooks/delivery-list.ts';
import { webhookList } from '../pages/webhooks/webhook-list.ts';
import type { ListDefinition } from '../parts/list-definition.ts';
import type { RestClient } from '../rest/rest-client.ts';
import type { ConsoleContext } from './console-context.ts';

type Context = () => ConsoleContext;

/** The page of one thing, or of a new one at `…/new`. */
type FormTemplate = (context: ConsoleContext, key: string | null) => TemplateResult;

const listRoute = <Row>(
  path: string,
  context: Context,
  define: (context: ConsoleContext) => ListDefinition<Row>,
): RouteConfig => ({
  path,
  render: () =>
    keyed(
      path,
      html`<rtc-list-page
        .context=${context()}
        .definition=${define(context())}
        .search=${location.search}
      ></rtc-list-page>`,
    ),
});

const formRoute = (path: string, context: Context, form: FormTemplate): RouteConfig => ({
  path: `${path}/:key`,
  render: ({ key = '' }) => {
    const id = decodeURIComponent(key);
    return keyed(`${path}/${id}`, form(context(), id === 'new' ? null : id));
  },
});

/** The pages for which somebody has to be signed in. */
export const pageRoutes = (context: Context): RouteConfig[] => [
  {
    path: '/admin/live-board',
    render: () => html`<rtc-live-board-page .context=${context()}></rtc-live-board-page>`,
  },
  listRoute('/admin/calls', context, callList),
  {
    path: '/admin/calls/search',
    render: () =>
      html`<rtc-call-search .context=${context()} .search=${location.search}></rtc-call-search>`,
  },
  formRoute(
    '/admin/calls',
    context,
    (console, key) =>
      html`<rtc-call-page .context=${console} .key=${key ?? 'new'}></rtc-call-page>`,
  ),
  listRoute('/admin/recordings', context, recordingList),
  listRoute('/admin/follow-ups', context, followUpList),
  {
    path: '/admin/reports',
    render: () =>
      html`<rtc-reports-page .context=${context()} .search=${location.search}></rtc-reports-page>`,
  },
  listRoute('/admin/agents', context, agentList),
  formRoute(
    '/admin/agents',
    context,
    (console, key) => html`<rtc-agent-form .context=${console} .key=${key}></rtc-agent-form>`,
  ),
  listRoute('/admin/groups', context, skillGroupList),
  formRoute(
    '/admin/groups',
    context,
    (console, key) =>
      html`<rtc-skill-group-form .context=${console} .key=${key}></rtc-skill-group-form>`,
  ),
  listRoute('/admin/hours', context, hoursList),
  formRoute(
    '/admin/hours',
    context,
    (console, key) => html`<rtc-hours-form .context=${console} .key=${key}></rtc-hours-form>`,
  ),
  listRoute('/admin/flows', context, flowList),
  formRoute('/admin/flows', context, (console, key) =>
    key === null
      ? html`<rtc-new-flow-form .context=${console}></rtc-new-flow-form>`
      : html`<rtc-flow-page .context=${console} .key=${key}></rtc-flow-page>`,
  ),
  {
    path: '/admin/dispositions',
    render: () =>
      html`<rtc-dispositions-page .context=${context()} .key=${'tree'}></rtc-dispositions-page>`,
  },
  listRoute('/admin/canned-replies', context, cannedReplyList),
  formRoute(
    '/admin/canned-replies',
    context,
    (console, key) =>
      html`<rtc-canned-reply-form .context=${console} .key=${key}></rtc-canned-reply-form>`,
  ),
  {
    path: '/admin/site',
    render: () => html`<rtc-site-page .context=${context()} .key=${'site'}></rtc-site-page>`,
  },
  {
    path: '/admin/site/retention',
    render: () =>
      html`<rtc-retention-page .context=${context()} .key=${'retention'}></rtc-retention-page>`,
  },
  listRoute('/admin/webhooks', context, webhookList),
  formRoute(
    '/admin/webhooks',
    context,
    (console, key) => html`<rtc-webhook-form .context=${console} .key=${key}></rtc-webhook-form>`,
  ),
  {
    path: '/admin/webhooks/:key/deliveries',
    render: ({ key = '' }) =>
      keyed(
        `deliveries/${key}`,
        html`<rtc-list-page
          .context=${context()}
          .definition=${deliveryList(context(), key)}
          .search=${location.search}
        ></rtc-list-page>`,
      ),
  },
  listRoute('/admin/api-keys', context, apiKeyList),
  {
    path: '/admin/api-keys/new',
    render: () => html`<rtc-api-key-form .context=${context()}></rtc-api-key-form>`,
  },
  listRoute('/admin/audit', context, auditList),
  {
    path: '/admin/account',
    render: () => html`<rtc-account-page .context=${context()}></rtc-account-page>`,
  },
];

const ACCOUNT_PATHS = ['/admin/setup', '/admin/password'];

/** Whether an address is for somebody who has no account yet. */
export const isAccountPath = (path: string): boolean => ACCOUNT_PATHS.includes(path);

/** The pages of links that the server or an admin gave. Nobody is signed in there. */
export const accountRoutes = (rest: RestClient): RouteConfig[] => [
  {
    path: '/admin/setup',
    render: () => html`<rtc-setup-page .rest=${rest}></rtc-setup-page>`,
  },
  {
    path: '/admin/password',
    render: () => html`<rtc-choose-password-page .rest=${rest}></rtc-choose-password-page>`,
  },
];
