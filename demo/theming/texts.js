/** The page in Chinese. English descriptions come from the manifest of the elements. */
export const page = {
  title: '外观定制 · rtc-desk 演示',
  languages: '语言',
  heading: '如何定制各元素的外观',
  lead: '点击一个部件或属性，即可看到它改变了什么。旁边的代码就是您页面样式表中的写法。',
};

export const headings = {
  en: { parts: 'Parts', properties: 'Custom properties', wait: 'Usually 2 to 4 minutes' },
  'zh-CN': { parts: '部件', properties: '自定义属性', wait: '通常 2 至 4 分钟' },
};

export const parts = {
  'video-call-button': {
    button: '按钮本身。',
    icon: '按钮的图标。',
    label: '按钮的文字。',
    wait: '文字下方的一行，需要 show-wait。',
  },
  'call-room': {
    stage: '画面区域。',
    tile: '某人的摄像头画面或共享的屏幕。',
    notices: '画面上方的提示。',
    controls: '工具栏。',
    chat: '对话及其输入框。',
    composer: '输入框及其按钮。',
  },
  'agent-desk': { desk: '整个工作台。', header: '客服姓名、状态和工具。' },
};

export const properties = {
  '--rtc-accent': '主色：主要按钮、焦点、选中的项目、正在说话者的边框。',
  '--rtc-on-accent': '主色上的文字。',
  '--rtc-surface': '背景。',
  '--rtc-surface-raised': '卡片、菜单和对话的背景。',
  '--rtc-surface-sunken': '输入框、序号和他人消息的背景。',
  '--rtc-text': '文字。',
  '--rtc-text-quiet': '次要文字。',
  '--rtc-line': '分隔线。',
  '--rtc-danger': '离开、故障、已关闭的设备。',
  '--rtc-on-danger': '危险色上的文字。',
  '--rtc-ok': '成功、已完成、空闲。',
  '--rtc-warn': '警告和较长的等待。',
  '--rtc-radius': '圆角半径。',
  '--rtc-font': '字体。',
  '--rtc-offset': '浮动按钮与页面边缘的距离。',
};
