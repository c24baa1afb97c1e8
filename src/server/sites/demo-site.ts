import type { Database } from '../database/database.ts';
import type { Flow } from '../../protocol/flow.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import { createRoom } from '../rooms/create-room.ts';
import type { ProvisionFile } from './provision-file.ts';

export const DEMO_SITE = 'demo';
export const DEMO_PASSWORD = 'demo';
const ROOM_NAME = 'Meeting room';
const groups = ['pre-sales', 'after-sales'];

const away = { full: 'message', nobody: 'message', timeout: 'message' };

/** The flow `help`, which a button uses that says `flow="help"`. */
const help: Flow = {
  schema: 1,
  start: 'start',
  nodes: {
    start: { type: 'start', next: { next: 'topic' } },
    topic: {
      type: 'menu',
      title: { en: 'What is it about?', 'zh-CN': '请选择问题类型' },
      options: [
        { id: 'product', label: { en: 'Product question', 'zh-CN': '产品咨询' } },
        { id: 'fault', label: { en: 'Report a fault', 'zh-CN': '产品报障' } },
      ],
      next: { product: 'sales', fault: 'service' },
    },
    sales: { type: 'queue', group: 'pre-sales', waitForAgents: true, next: away },
    service: { type: 'queue', group: 'after-sales', waitForAgents: true, next: away },
    message: { type: 'leave-message', next: { done: 'end', skipped: 'end' } },
    end: { type: 'end' },
  },
};

/** What `--demo` provisions. It needs no origins: its pages come from this server, whose own origin is allowed. */
export const demoFile: ProvisionFile = {
  sites: [
    {
      id: DEMO_SITE,
      name: 'Northlight Power',
      origins: [],
      crmOrigins: [],
      groups: [
        { id: 'pre-sales', name: 'Pre-sales' },
        { id: 'after-sales', name: 'After-sales' },
      ],
      agents: [
        { username: 'alice', name: 'Alice Chen', password: DEMO_PASSWORD, groups },
        { username: 'bob', name: 'Bob Martin', password: DEMO_PASSWORD, groups },
        {
          username: 'sam',
          name: 'Sam Rivera',
          role: 'supervisor',
          password: DEMO_PASSWORD,
          groups,
        },
        {
          username: 'olivia',
          name: 'Olivia Park',
          role: 'owner',
          password: DEMO_PASSWORD,
          groups: [],
        },
      ],
      rating: {
        kind: 'stars',
        reasons: [
          { id: 'friendly', label: { en: 'Friendly', 'zh-CN': '态度友好' } },
          { id: 'competent', label: { en: 'Knew what to do', 'zh-CN': '专业' } },
          { id: 'wait', label: { en: 'Long wait', 'zh-CN': '等待太久' } },
          { id: 'picture', label: { en: 'Sound or picture', 'zh-CN': '音画质量' } },
        ],
        text: true,
      },
      paramLabels: [
        { name: 'device', label: { en: 'Meter', 'zh-CN': '电表' }, values: [] },
        {
          name: 'fault',
          label: { en: 'Problem', 'zh-CN': '故障' },
          values: [
            { value: 'no-power', text: { en: 'No power at all', 'zh-CN': '完全没电' } },
            { value: 'flicker', text: { en: 'Lights flicker', 'zh-CN': '灯光闪烁' } },
            {
              value: 'meter-display',
              text: { en: 'Meter display is dark', 'zh-CN': '电表无显示' },
            },
          ],
        },
        { name: 'customer', label: { en: 'Customer', 'zh-CN': '客户' }, values: [] },
      ],
      dispositions: [
        { code: 'solved', label: { en: 'Solved', 'zh-CN': '已解决' } },
        {
          code: 'fault',
          label: { en: 'Fault', 'zh-CN': '故障' },
          children: [
            { code: 'meter', label: { en: 'Meter', 'zh-CN': '电表' } },
            { code: 'fuse', label: { en: 'Fuse', 'zh-CN': '保险丝' } },
          ],
        },
        { code: 'call-again', label: { en: 'Call again', 'zh-CN': '需再次联系' } },
      ],
      cannedReplies: [
        {
          scope: 'site',
          shortcut: 'hello',
          language: 'en',
          text: 'Hello {visitor}, this is {agent} of {site}. How can I help?',
        },
        {
          scope: 'site',
          shortcut: 'hello',
          language: 'zh-CN',
          text: '{visitor} 您好，我是 {site} 的 {agent}，请问有什么可以帮您？',
        },
      ],
      flows: [{ id: 'help', name: 'Help', document: help }],
    },
  ],
};

/** The room of the demo's room page. It is the same after every start. If it was closed, a new one is made. */
export async function findDemoRoom(db: Database, media: RoomMedia): Promise<number> {
  const { rows } = await db.query<{ number: number }>(
    `select number from rooms where site_id = $1 and call_id is null and name = $2 and closed_at is null
      order by created_at limit 1`,
    [DEMO_SITE, ROOM_NAME],
  );
  return rows[0]?.number ?? createRoom(db, { siteId: DEMO_SITE, name: ROOM_NAME, media });
}
