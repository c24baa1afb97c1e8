import { language, translatePage } from '../shared/page-language.js';

translatePage({
  title: '会议室 · rtc-desk 演示',
  heading: '会议室',
  lead: '最多六人可在此见面。在更多窗口中打开本页，即可让更多人加入。',
  name: '您的姓名',
  join: '加入',
  languages: '语言',
});

const form = document.querySelector('#join-form');
const trouble = document.querySelector('#trouble');
const REFUSED = {
  en: 'The room could not be opened. Try again in a moment.',
  'zh-CN': '无法打开房间，请稍后再试。',
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  trouble.textContent = '';
  const name = new FormData(form).get('name');
  try {
    // A site's own backend requests the token with its key. In the demo the server does it.
    const response = await fetch('../room-token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    if (!response.ok) throw new Error(`room-token: ${response.status}`);
    const { token } = await response.json();
    const room = document.createElement('call-room');
    room.lang = language;
    room.setAttribute('token', token);
    room.addEventListener('room-left', () => room.replaceWith(form), { once: true });
    form.replaceWith(room);
  } catch (error) {
    console.error(error);
    trouble.textContent = REFUSED[language];
  }
});
