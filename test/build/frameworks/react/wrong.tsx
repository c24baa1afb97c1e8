import type {} from 'rtc-desk/react';

export const Wrong = () => (
  <video-call-button
    site="acme"
    show-wait
    className="help"
    placement="wrong"
    params={{ wrong: 5 }}
    wrongName="x"
    oncall-ended={({ detail }) => detail.wrong}
  />
);
