/** The page `/test/<site>`: the device and network test. */
import { msg } from '@lit/localize';
import { CallTest } from '../call-test.ts';
import { openVisitorPage } from '../visitor-page/visitor-page.ts';

const test = new CallTest();
test.site = decodeURIComponent(location.pathname.split('/').pop() ?? '');
test.server = location.origin;
const { main } = openVisitorPage(() => {
  const heading = msg('Test your devices');
  return { heading, title: heading };
});
main.append(test);
