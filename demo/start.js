import { translatePage } from './shared/page-language.js';

translatePage({
  title: 'rtc-desk 演示',
  languages: '语言',
  heading: '从两端体验一次视频通话',
  lead: '将下面两个窗口并排打开：一个窗口里您是客户，另一个窗口里您是坐席。所有数据都不会离开本机。',
  agentHeading: '扮演坐席',
  agentText: '一个内嵌坐席工作台的客户管理系统。登录后，将状态设为“空闲”。',
  username: '用户名',
  or: '或',
  password: '密码',
  agentLink: '打开客户管理系统',
  visitorHeading: '扮演客户',
  visitorText:
    '一家电力公司的帮助页面。电表 METER-0042 处停电了：点击“视频通话”，再到客户管理系统中接听，客户资料会自动弹出。',
  visitorLink: '打开帮助页面',
  moreHeading: '更多',
  roomLink: '独立房间',
  roomText: '最多六人，在多个窗口中打开即可。',
  deskLink: '独立的坐席工作台页面',
  deskText: '不嵌入客户管理系统。',
});
