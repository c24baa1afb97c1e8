const button = document.querySelector('video-call-button');
const news = document.querySelector('[role="status"]');

button.params = { device: 'METER-0042' };
button.addEventListener('call-queued', ({ detail }) => {
  news.textContent = `Your place in line: ${detail.position}`;
});
button.addEventListener('call-ended', ({ detail }) => {
  news.textContent = `The call is over: ${detail.reason}`;
});
