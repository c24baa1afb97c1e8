import { inLanguage, language, translatePage } from './shared/page-language.js';

const chinese = {
  title: 'rtc-desk 演示',
  languages: '语言',
  heading: '有些问题，必须让人看到',
  lead: '客户在网页上按下按钮，用摄像头对准电表；客服在客户管理系统中看到画面，客户资料同时打开。您可以在这里体验两端，一切都在本服务器上运行。',
  step1: '客服：点击“以 Alice 登录”。',
  step2: '客户：点击“视频通话”。',
  step3: '客服：点击“接听”。双方即可看到对方。',
  visitorHeading: '客户',
  visitorText: '一家电力公司的帮助页面。电表 METER-0042 处停电了：点击“视频通话”，拍摄电表。',
  visitorLink: '打开帮助页面',
  agentHeading: '客服',
  agentText:
    '一个内嵌客服工作台的客户管理系统。它需要较宽的屏幕：请在电脑上打开此地址，或用另一台设备扫码。演示客服账号只能在服务器所在的机器上登录。',
  agentLink: '在此打开客户管理系统',
  ownWindow: '在新窗口中打开',
  sound: '两端共用这台电脑的麦克风和扬声器。如果听到回声，请将其中一端静音，或使用耳机。',
  phoneHeading: '用手机扮演客户',
  phoneText: '请扫码。通话中显示的是手机摄像头拍摄的画面。',
  moreHeading: '演示中还有',
  consoleLink: '管理控制台',
  consoleText:
    '管理技能组、客服、服务流程、报表和实时看板。用户名 olivia（所有者）或 sam（主管），密码 demo。',
  roomLink: '独立房间',
  roomText: '最多六人，在多个窗口中打开即可。',
  deskLink: '独立的客服工作台页面',
  deskText: '不嵌入客户管理系统。用户名 alice 或 bob，密码 demo。',
  themingLink: '外观定制',
  themingText: '展示页面可以设置的每个部件和属性。',
  testLink: '设备检测',
  testText: '检测摄像头、麦克风、扬声器和网络。',
  codeAgent: '客户管理系统地址的二维码',
  codeCustomer: '帮助页面地址的二维码',
};

/** From this width on, both sides fit beside each other. */
const wide = matchMedia('(min-width: 68rem)');

const all = (selector) => document.querySelectorAll(selector);

function arrange() {
  for (const element of all('[data-wide]')) element.hidden = !wide.matches;
  for (const element of all('[data-narrow]')) element.hidden = wide.matches;
  // A phone cannot reach this computer by the name `localhost`.
  const reachable = !/^(localhost|127\..*|\[::1\])$/.test(location.hostname);
  for (const element of all('[data-phone]')) element.hidden = !wide.matches || !reachable;
  // Once loaded, a frame stays: a call may be in it.
  for (const frame of all('iframe')) {
    if (wide.matches && !frame.src) frame.src = inLanguage(frame.dataset.page);
  }
  for (const image of all('img[data-code]')) {
    if (!image.closest('[hidden]')) image.src = inLanguage(`code.svg?page=${image.dataset.code}`);
  }
}

translatePage(chinese);
if (language === 'zh-CN') {
  for (const frame of all('iframe')) frame.title = chinese[frame.dataset.title];
  for (const image of all('img[data-code]')) {
    image.alt = image.dataset.code === 'agent' ? chinese.codeAgent : chinese.codeCustomer;
  }
}
wide.addEventListener('change', arrange);
arrange();
