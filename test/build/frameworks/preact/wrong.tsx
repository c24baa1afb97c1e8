import type {} from 'rtc-desk/preact';

export const Wrong = () => (
  <video-call-button
    site="acme"
    show-wait
    class="help"
    placement="wrong"
    params={{ wrong: 5 }}
    wrongName="x"
    oncall-ended={({ detail }) => detail.wrong}
  />
);
