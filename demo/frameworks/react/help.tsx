import { useState } from 'react';
import 'rtc-desk';
import type {} from 'rtc-desk/react';

export function Help({ device }: { device: string }) {
  const [news, setNews] = useState('');
  return (
    <main>
      <h1>Help with meter {device}</h1>
      <video-call-button
        server="https://desk.example.com"
        site="acme"
        params={{ device }}
        oncall-queued={({ detail }) => setNews(`Your place in line: ${detail.position}`)}
        oncall-ended={({ detail }) => setNews(`The call is over: ${detail.reason}`)}
      >
        <span slot="label">Show us the meter</span>
      </video-call-button>
      <p role="status">{news}</p>
    </main>
  );
}
