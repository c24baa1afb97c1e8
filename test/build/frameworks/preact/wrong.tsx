import type {} from 'rtc-desk/preact';

export const Wrong = () => (
  <>
    <video-call-button site="acme" show-wait placement="inline" params={{ device: '5' }} />
    <video-call-button placement="wrong" />
    <video-call-button params={{ wrong: 5 }} />
    <video-call-button wrongName="x" />
    <video-call-button oncall-ended={({ detail }) => detail.wrong} />
  </>
);
