import { language, translatePage } from '../shared/page-language.js';

translatePage({
  title: '停电帮助 · 北辉电力',
  brand: '北辉电力',
  sections: '栏目',
  languages: '语言',
  navHelp: '帮助',
  navChecks: '自助排查',
  navQuestions: '常见问题',
  eyebrow: '视频报修',
  heading: '停电了？拍给我们看。',
  lead: '将摄像头对准电表或配电箱，技术人员能看到您所看到的画面，并告诉您怎么做，通常无需上门。',
  fine: '免费服务。仅在您允许后才会使用摄像头和麦克风。',
  reportHeading: '您的报修信息',
  meter: '电表',
  problem: '故障',
  area: '所在区域',
  areaText: '未发现片区停电，可能是室内故障',
  reportNote: '这些信息会随通话一并提供给技术人员。',
  checksHeading: '请先检查三处',
  check1: '总开关',
  check1Text: '开关是否合上？如已跳闸，请先将它完全扳下，再向上合闸。',
  check2: '最后插上的电器',
  check2Text: '重新合闸前请先拔下它，跳闸可能正是由它引起。',
  check3: '电表显示屏',
  check3Text: '显示屏不亮，说明电没有送到电表。请联系我们，由我们来处理。',
  warning: '切勿打开配电箱面板，并远离下垂或裸露的电线。',
  questionsHeading: '常见问题',
  q1: '技术人员能看到什么？',
  a1: '从接通到任意一方结束通话，他们看到的是您的摄像头画面。您可以随时关闭摄像头。',
  q2: '需要等多久？',
  a2: '您会立即看到自己的排队位置，并随时更新。您可以继续浏览，位置会为您保留。',
  q3: '需要安装什么吗？',
  a3: '不需要。通话直接在本页面进行，手机和电脑都可以。',
  footer: '北辉电力为虚构公司：本页用于展示 rtc-desk 在网站中的效果。',
});

const FAULTS = {
  en: {
    'no-power': 'No power at all',
    flicker: 'Lights flicker',
    'meter-display': 'Meter display is dark',
  },
  'zh-CN': { 'no-power': '完全没电', flicker: '灯光闪烁', 'meter-display': '电表无显示' },
};
const UNKNOWN = { en: 'Not given yet', 'zh-CN': '尚未填写' };

const query = new URLSearchParams(location.search);
const fault = query.get('fault');
document.querySelector('#device').textContent = query.get('device') ?? UNKNOWN[language];
document.querySelector('#fault').textContent =
  FAULTS[language][fault] ?? fault ?? UNKNOWN[language];
