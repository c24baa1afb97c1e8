import { useState } from 'preact/hooks';
import type {} from 'rtc-desk/preact';

export function Help({ device }: { device: string }) {
  const [news, setNews] = useState('');
  return (
    <>
      <video-call-button
        site="acme"
        params={{ device }}
        oncall-ended={({ detail }) => setNews(`The call is over: ${detail.reason}`)}
      />
      <p role="status">{news}</p>
    </>
  );
}
